// riferrei's srclient: registers, evolves, is refused, fetches, encodes and decodes, deletes.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/riferrei/srclient"
)

const (
	v1       = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"}]}`
	v2       = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"},{"name":"note","type":"string","default":""}]}`
	breaking = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"},{"name":"total","type":"double"}]}`
)

func check(ok bool, what string, arguments ...any) {
	if !ok {
		fmt.Fprintf(os.Stderr, what+"\n", arguments...)
		os.Exit(1)
	}
}

func must[T any](value T, err error) T {
	check(err == nil, "%v", err)
	return value
}

func refused(err error, code int) {
	var answer srclient.Error
	check(errors.As(err, &answer), "no answer of the registry: %v", err)
	check(answer.Code == code, "expected error_code %d, got %d %s", code, answer.Code, answer.Message)
}

func fresh() *srclient.SchemaRegistryClient {
	client := srclient.CreateSchemaRegistryClient(os.Getenv("REGISTRY_URL"))
	client.CodecCreationEnabled(true)
	return client
}

func main() {
	client := fresh()
	subject := "srclient/orders-value"

	// registers, and evolves
	first := must(client.CreateSchema(subject, v1, srclient.Avro))
	check(must(fresh().CreateSchema(subject, v1, srclient.Avro)).ID() == first.ID(), "the same schema has the same id")
	second := must(client.CreateSchema(subject, v2, srclient.Avro))
	check(second.ID() != first.ID(), "another schema has another id")
	check(reflect.DeepEqual(must(client.GetSchemaVersions(subject)), []int{1, 2}), "versions")
	check(must(fresh().GetLatestSchema(subject)).ID() == second.ID(), "latest")

	// is refused
	_, err := client.CreateSchema(subject, breaking, srclient.Avro)
	refused(err, 409)
	check(!must(client.IsSchemaCompatible(subject, breaking, "latest", srclient.Avro)), "incompatible")
	check(must(client.IsSchemaCompatible(subject, v1, "latest", srclient.Avro)), "compatible")
	_, err = fresh().GetLatestSchema("nobody")
	refused(err, 40401)
	_, err = fresh().GetSchema(99999999)
	refused(err, 40403)

	// fetches by id
	check(must(fresh().GetSchema(first.ID())).Schema() == v1, "schema by id")
	check(must(fresh().LookupSchema(subject, v2, srclient.Avro)).ID() == second.ID(), "lookup")
	check(must(fresh().GetSchemaByVersion(subject, 1)).ID() == first.ID(), "schema by version")

	// encodes and decodes, with the header that Kafka messages have
	payload := must(second.Codec().BinaryFromNative(nil, map[string]any{"id": int64(7), "note": "seven"}))
	message := append(binary.BigEndian.AppendUint32([]byte{0}, uint32(second.ID())), payload...)
	reader := must(fresh().GetSchema(int(binary.BigEndian.Uint32(message[1:5]))))
	native, _, err := reader.Codec().NativeFromBinary(message[5:])
	check(err == nil, "%v", err)
	check(native.(map[string]any)["note"] == "seven", "%v", native)

	// config
	must(client.ChangeSubjectCompatibilityLevel(subject, srclient.Full))
	check(*must(client.GetCompatibilityLevel(subject, false)) == srclient.Full, "compatibility")
	check(*must(client.GetGlobalCompatibilityLevel()) == srclient.Backward, "global compatibility")
	check(*must(client.GetCompatibilityLevel("nobody", true)) == srclient.Backward, "compatibility by default")

	// deletes
	check(client.DeleteSubjectByVersion(subject, 1, false) == nil, "soft delete of a version")
	check(client.DeleteSubject(subject, true) == nil, "soft and then hard delete")
	_, err = fresh().GetSchemaVersions(subject)
	refused(err, 40401)
	fmt.Println("srclient: registered, evolved, refused, fetched, encoded, decoded, deleted")
}
