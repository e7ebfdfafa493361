import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** Avro Java's SchemaCompatibility on parsed schemas, warm; the protocol is in peer.h. */
public class Peer {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
  private static final List<Schema> SCHEMAS = new ArrayList<>();
  private static final List<Schema[]> PAIRS = new ArrayList<>();

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Path folder = Path.of(args[0]);
    read(Files.readAllLines(folder.resolve("schemas.txt")));
    for (String line; (line = in.readLine()) != null;) {
      if (line.equals("load"))
        load(Files.readAllLines(folder.resolve("cases.txt")));
      else
        System.out.println(round(Integer.parseInt(line.split(" ")[1])));
    }
  }

  private static void read(List<String> texts) {
    StringBuilder refused = new StringBuilder("refused");
    for (int i = 0; i < texts.size(); i++) {
      Schema.Parser parser = new Schema.Parser(NameValidator.NO_VALIDATION);
      parser.setValidateDefaults(false);
      try {
        SCHEMAS.add(parser.parse(texts.get(i)));
      } catch (RuntimeException e) {
        SCHEMAS.add(null);
        refused.append(' ').append(i);
      }
    }
    System.out.println(refused);
  }

  private static boolean compatible(Schema[] pair) {
    return SchemaCompatibility.checkReaderWriterCompatibility(pair[0], pair[1]).getType() == SchemaCompatibilityType.COMPATIBLE;
  }

  private static long round(int times) {
    long start = CLOCK.getCurrentThreadCpuTime();
    int n = 0;
    for (int i = 0; i < times; i++)
      for (Schema[] pair : PAIRS)
        n += compatible(pair) ? 1 : 0;
    long took = CLOCK.getCurrentThreadCpuTime() - start;
    return n < 0 ? 0 : took;
  }

  private static void load(List<String> cases) {
    for (String each : cases) {
      String[] pair = each.split(" ");
      PAIRS.add(new Schema[] {SCHEMAS.get(Integer.parseInt(pair[0])), SCHEMAS.get(Integer.parseInt(pair[1]))});
    }
    for (long warm = 0; warm < 5_000_000_000L;)
      warm += round(1);
    StringBuilder answers = new StringBuilder("ready ");
    for (Schema[] pair : PAIRS)
      answers.append(compatible(pair) ? '1' : '0');
    System.out.println(answers);
  }
}
