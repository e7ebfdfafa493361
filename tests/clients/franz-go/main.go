// franz-go's registry client: registers, evolves, is refused, fetches, encodes and decodes, deletes.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/hamba/avro/v2"
	"github.com/twmb/franz-go/pkg/sr"
)

const (
	v1       = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"}]}`
	v2       = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"},{"name":"note","type":["null","string"],"default":null}]}`
	breaking = `{"type":"record","name":"Order","namespace":"shop","fields":[{"name":"id","type":"long"},{"name":"total","type":"double"}]}`
)

type order struct {
	ID   int64   `avro:"id"`
	Note *string `avro:"note"`
}

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
	var answer *sr.ResponseError
	check(errors.As(err, &answer), "no answer of the registry: %v", err)
	check(answer.ErrorCode == code, "expected error_code %d, got %d %s", code, answer.ErrorCode, answer.Message)
}

func main() {
	ctx := context.Background()
	client := must(sr.NewClient(sr.URLs(os.Getenv("REGISTRY_URL"))))
	subject := "franz/orders value-é"

	// registers, and evolves
	first := must(client.CreateSchema(ctx, subject, sr.Schema{Schema: v1}))
	again := must(client.CreateSchema(ctx, subject, sr.Schema{Schema: v1}))
	check(first.ID == again.ID && again.Version == 1, "the same schema has the same id: %v %v", first, again)
	second := must(client.CreateSchema(ctx, subject, sr.Schema{Schema: v2}))
	check(second.ID != first.ID && second.Version == 2, "%v", second)
	check(reflect.DeepEqual(must(client.SubjectVersions(ctx, subject)), []int{1, 2}), "versions")
	latest := must(client.SchemaByVersion(ctx, subject, -1))
	check(latest.ID == second.ID, "%v", latest)
	check(len(must(client.Schemas(ctx, subject))) == 2, "all schemas of the subject")
	check(len(must(client.SupportedTypes(ctx))) >= 2, "types")

	// is refused
	_, err := client.CreateSchema(ctx, subject, sr.Schema{Schema: breaking})
	refused(err, 409)
	verdict := must(client.CheckCompatibility(sr.WithParams(ctx, sr.Verbose), subject, -1, sr.Schema{Schema: breaking}))
	check(!verdict.Is && len(verdict.Messages) > 0, "%v", verdict)
	check(must(client.CheckCompatibility(ctx, subject, -1, sr.Schema{Schema: v1})).Is, "compatible")
	_, err = client.SubjectVersions(ctx, "nobody")
	refused(err, 40401)
	_, err = client.SchemaByVersion(ctx, subject, 77)
	refused(err, 40402)
	_, err = client.SchemaByID(ctx, 99999999)
	refused(err, 40403)
	_, err = client.CreateSchema(ctx, "broken", sr.Schema{Schema: `{"type":"nonsense"}`})
	refused(err, 42201)

	// fetches by id
	check(must(client.SchemaByID(ctx, first.ID)).Schema == v1, "schema by id")
	check(must(client.SchemaTextByID(ctx, first.ID)) == v1, "text by id")
	check(must(client.SchemaTextByVersion(ctx, subject, 2)) == v2, "text by version")
	check(must(client.LookupSchema(ctx, subject, sr.Schema{Schema: v2})).Version == 2, "lookup")
	check(reflect.DeepEqual(must(client.SubjectsByID(ctx, first.ID)), []string{subject}), "subjects by id")
	check(must(client.SchemaVersionsByID(ctx, first.ID))[0].Version == 1, "versions by id")
	check(len(must(client.SchemaUsagesByID(ctx, first.ID))) == 1, "usages by id")

	// references
	must(client.CreateSchema(ctx, "franz-address", sr.Schema{Schema: `{"type":"record","name":"shop.Address","fields":[]}`}))
	referring := must(client.CreateSchema(ctx, "franz-addresses", sr.Schema{
		Schema:     `{"type":"array","items":"shop.Address"}`,
		References: []sr.SchemaReference{{Name: "shop.Address", Subject: "franz-address", Version: 1}}}))
	check(must(client.SchemaReferences(ctx, "franz-address", 1))[0].ID == referring.ID, "referenced by")

	// encodes and decodes
	schema := avro.MustParse(must(client.SchemaByID(ctx, second.ID)).Schema)
	serde := sr.NewSerde()
	serde.Register(second.ID, order{},
		sr.EncodeFn(func(v any) ([]byte, error) { return avro.Marshal(schema, v) }),
		sr.DecodeFn(func(b []byte, v any) error { return avro.Unmarshal(schema, b, v) }))
	note := "seven"
	message := must(serde.Encode(order{7, &note}))
	check(message[0] == 0, "the magic byte")
	var decoded order
	check(serde.Decode(message, &decoded) == nil && decoded.ID == 7 && *decoded.Note == "seven", "%v", decoded)

	// config and mode
	for _, result := range client.SetCompatibility(ctx, sr.SetCompatibility{Level: sr.CompatFull}, subject) {
		check(result.Err == nil && result.Level == sr.CompatFull, "%v", result)
	}
	check(client.Compatibility(ctx, subject)[0].Level == sr.CompatFull, "compatibility")
	check(client.ResetCompatibility(ctx, subject)[0].Err == nil, "reset of the compatibility")
	refused(client.Compatibility(ctx, subject)[0].Err, 40408)
	check(client.SetMode(ctx, sr.ModeReadOnly, subject)[0].Err == nil, "mode")
	_, err = client.CreateSchema(ctx, subject, sr.Schema{Schema: breaking})
	refused(err, 42205)
	check(client.ResetMode(ctx, subject)[0].Err == nil, "reset of the mode")

	// a context
	elsewhere := must(sr.NewClient(sr.URLs(os.Getenv("REGISTRY_URL") + "/contexts/.franz")))
	check(len(must(elsewhere.Subjects(ctx))) == 0, "a context of its own is empty")
	_, err = elsewhere.SchemaByVersion(ctx, subject, 1)
	refused(err, 40401)

	// deletes
	check(client.DeleteSchema(ctx, subject, 1, sr.SoftDelete) == nil, "soft delete of a version")
	check(client.DeleteSchema(ctx, subject, 1, sr.HardDelete) == nil, "hard delete of a version")
	check(reflect.DeepEqual(must(client.DeleteSubject(ctx, subject, sr.SoftDelete)), []int{2}), "soft delete")
	check(reflect.DeepEqual(must(client.DeleteSubject(ctx, subject, sr.HardDelete)), []int{2}), "hard delete")
	_, err = client.SubjectVersions(sr.WithParams(ctx, sr.ShowDeleted), subject)
	refused(err, 40401)
	fmt.Println("franz-go: registered, evolved, refused, fetched, encoded, decoded, deleted")
}
