import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.net.HttpURLConnection;
import java.net.URL;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.springframework.cloud.schema.registry.SchemaNotFoundException;
import org.springframework.cloud.schema.registry.SchemaReference;
import org.springframework.cloud.schema.registry.SchemaRegistrationResponse;
import org.springframework.cloud.schema.registry.client.ConfluentSchemaRegistryClient;
import org.springframework.web.client.HttpStatusCodeException;

/** Spring's client of Confluent's API, on the JDK's own HTTP with its odd Accept: registers, evolves, is refused, fetches, encodes and decodes, deletes. */
public class Main {
    static final String URL_OF_REGISTRY = System.getenv("REGISTRY_URL");
    static final String V1 = "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}";
    static final String V2 = "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null}]}";
    static final String BREAKING = "{\"type\":\"record\",\"name\":\"Order\",\"namespace\":\"shop\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"total\",\"type\":\"double\"}]}";

    static ConfluentSchemaRegistryClient fresh() {
        ConfluentSchemaRegistryClient client = new ConfluentSchemaRegistryClient();
        client.setEndpoint(URL_OF_REGISTRY);
        return client;
    }

    static void check(boolean ok, String what) {
        if (!ok) {
            throw new AssertionError(what);
        }
    }

    static byte[] encode(int id, Schema schema, GenericRecord record) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    static GenericRecord decode(byte[] message) throws Exception {
        int id = ByteBuffer.wrap(message, 1, 4).getInt();
        Schema schema = new Schema.Parser().parse(fresh().fetch(id));
        return new GenericDatumReader<GenericRecord>(schema)
            .read(null, DecoderFactory.get().binaryDecoder(message, 5, message.length - 5, null));
    }

    /** What the client has no method for: the JDK's plain HTTP, with its default headers. */
    static String delete(String path) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL(URL_OF_REGISTRY + path).openConnection();
        connection.setRequestMethod("DELETE");
        check(connection.getResponseCode() == 200, "DELETE " + path + ": " + connection.getResponseCode());
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    public static void main(String[] arguments) throws Exception {
        // registers, and evolves
        SchemaRegistrationResponse first = fresh().register("spring-value", "avro", V1);
        check(fresh().register("spring-value", "avro", V1).getId() == first.getId(), "the same schema has the same id");
        SchemaRegistrationResponse second = fresh().register("spring-value", "avro", V2);
        check(second.getId() != first.getId(), "another schema has another id");

        // is refused
        try {
            fresh().register("spring-value", "avro", BREAKING);
            check(false, "an incompatible schema was taken");
        } catch (RuntimeException refusal) {
            Throwable cause = refusal instanceof HttpStatusCodeException ? refusal : refusal.getCause();
            String text = String.valueOf(refusal.getMessage()) + (cause == null ? "" : cause.getMessage());
            check(text.contains("409") || text.contains("incompatible"), text);
        }
        try {
            fresh().fetch(99999999);
            check(false, "an unknown id was found");
        } catch (SchemaNotFoundException missing) {
            check(missing.getMessage() != null, "a reason");
        }

        // fetches by id and by version
        check(fresh().fetch(first.getId()).equals(V1), "schema by id");
        check(fresh().fetch(new SchemaReference("spring-value", 2, "avro")).equals(V2), "schema by version");

        // encodes and decodes
        Schema schema = new Schema.Parser().parse(V2);
        GenericRecord record = new GenericData.Record(schema);
        record.put("id", 7L);
        record.put("note", "seven");
        GenericRecord decoded = decode(encode(second.getId(), schema, record));
        check(decoded.get("note").toString().equals("seven"), "decoded");

        // deletes
        check(delete("/subjects/spring-value").equals("[1,2]"), "soft delete");
        check(delete("/subjects/spring-value?permanent=true").equals("[1,2]"), "hard delete");
        System.out.println("spring-java: registered, evolved, refused, fetched, encoded, decoded, deleted");
    }
}
