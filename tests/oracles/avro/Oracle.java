import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.io.JsonEncoder;

/** Answers lines of JSON with what Avro Java says. One request a line, one answer a line, in order; see run.py. */
public class Oracle {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    for (String line; (line = in.readLine()) != null;) {
      ObjectNode answer = MAPPER.createObjectNode();
      try {
        answer(MAPPER.readTree(line), answer);
      } catch (StackOverflowError e) {
        answer.put("error", "StackOverflowError");
      } catch (Exception e) {
        answer.put("error", e.getClass().getSimpleName() + ": " + e.getMessage());
      }
      out.println(answer);
    }
  }

  private static Schema parse(JsonNode text, boolean strict) {
    Schema.Parser parser = new Schema.Parser(strict ? NameValidator.STRICT_VALIDATOR : NameValidator.NO_VALIDATION);
    parser.setValidateDefaults(strict);
    return parser.parse(text.asText());
  }

  private static void answer(JsonNode request, ObjectNode answer) throws Exception {
    switch (request.get("op").asText()) {
    case "parse": {
      Schema schema = parse(request.get("schema"), request.get("strict").asBoolean());
      answer.put("canonical", schema.toString());
      answer.put("form", SchemaNormalization.toParsingForm(schema));
      answer.put("rabin", Long.toHexString(SchemaNormalization.parsingFingerprint64(schema)));
      answer.put("md5", hex(SchemaNormalization.parsingFingerprint("MD5", schema)));
      answer.put("sha256", hex(SchemaNormalization.parsingFingerprint("SHA-256", schema)));
      break;
    }
    case "check":
      check(parse(request.get("reader"), false), parse(request.get("writer"), false), answer);
      break;
    case "encode": { // a datum in the binary encoding of the writer, re-encoded as JSON
      Schema schema = parse(request.get("schema"), false);
      answer.put("json", toJson(schema, read(schema, schema, request.get("hex").asText())));
      break;
    }
    case "read": {
      Schema reader = parse(request.get("reader"), false);
      Object datum = read(parse(request.get("writer"), false), reader, request.get("hex").asText());
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<Object>(reader).write(datum, encoder);
      encoder.flush();
      answer.put("hex", hex(bytes.toByteArray()));
      break;
    }
    case "time": { // median nanoseconds of a warm check of each pair
      JsonNode pairs = request.get("pairs");
      Schema[][] schemas = new Schema[pairs.size()][2];
      for (int i = 0; i < schemas.length; i++) {
        schemas[i][0] = parse(pairs.get(i).get(0), false);
        schemas[i][1] = parse(pairs.get(i).get(1), false);
      }
      answer.set("nanos", time(schemas, request.get("rounds").asInt()));
      break;
    }
    default:
      throw new IllegalArgumentException("unknown op");
    }
  }

  private static void check(Schema reader, Schema writer, ObjectNode answer) {
    SchemaCompatibility.SchemaCompatibilityResult result = SchemaCompatibility
        .checkReaderWriterCompatibility(reader, writer).getResult();
    ArrayNode list = answer.putArray("differences");
    int n = 0;
    for (SchemaCompatibility.Incompatibility difference : result.getIncompatibilities()) {
      if (n++ == 200)
        break;
      list.addObject().put("type", difference.getType().toString()).put("pointer", difference.getLocation()).put("info",
          difference.getMessage());
    }
    answer.put("compatible", result.getIncompatibilities().isEmpty());
  }

  private static Object read(Schema writer, Schema reader, String hex) throws Exception {
    byte[] bytes = new byte[hex.length() / 2];
    for (int i = 0; i < bytes.length; i++)
      bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(bytes, null);
    return new GenericDatumReader<Object>(writer, reader).read(null, decoder);
  }

  private static String toJson(Schema schema, Object datum) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonEncoder encoder = EncoderFactory.get().jsonEncoder(schema, bytes, false);
    new GenericDatumWriter<Object>(schema).write(datum, encoder);
    encoder.flush();
    return bytes.toString("UTF-8");
  }

  private static ArrayNode time(Schema[][] schemas, int rounds) {
    ArrayNode nanos = MAPPER.createArrayNode();
    long[][] taken = new long[schemas.length][rounds];
    for (int round = 0; round < rounds; round++)
      for (int i = 0; i < schemas.length; i++) {
        long start = System.nanoTime();
        SchemaCompatibility.checkReaderWriterCompatibility(schemas[i][0], schemas[i][1]).getType();
        taken[i][round] = System.nanoTime() - start;
      }
    for (long[] each : taken) {
      java.util.Arrays.sort(each, rounds / 2, rounds); // the later half is warm
      nanos.add(each[rounds / 2 + rounds / 4]);
    }
    return nanos;
  }

  private static String hex(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    for (byte b : bytes)
      text.append(String.format("%02x", b & 0xff));
    return text.toString();
  }
}
