package heddle.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultStreamTest {
  private static final Result ONE =
      new Result(0, Instant.parse("2020-10-23T15:58:45.5Z"), 5, 200, 1, 7, "", "GET", "http://x/");
  private static final Result TWO =
      new Result(1, Instant.parse("2020-10-23T15:58:46Z"), 9, 500, 1, 0, "500", "PUT", "http://y/");

  @Test
  void readsWhatWasWritten() throws IOException {
    assertThat(read(bytes())).containsExactly(ONE, TWO);
  }

  @Test
  void readsSeveralStreamsOneAfterTheOther() throws IOException {
    var twice = new ByteArrayOutputStream();
    twice.writeBytes(bytes());
    twice.writeBytes(bytes());

    assertThat(read(twice.toByteArray())).containsExactly(ONE, TWO, ONE, TWO);
  }

  @Test
  void findsNothingInAnEmptyStream() throws IOException {
    assertThat(read(new byte[0])).isEmpty();
  }

  @Test
  void saysThatTheAttackWasCutOff() throws IOException {
    var bytes = bytes();
    var cut = Arrays.copyOf(bytes, bytes.length - 1);

    assertThatThrownBy(() -> read(cut))
        .hasMessage("the results end in the middle of one: the attack was cut off");
  }

  @Test
  void refusesOtherBytes() {
    assertThatThrownBy(() -> read("hello".getBytes()))
        .hasMessage("not the results of an attack by Heddle's vegeta");
  }

  private static byte[] bytes() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var writer = new ResultStream.Writer(bytes)) {
      writer.write(ONE);
      writer.write(TWO);
    }
    return bytes.toByteArray();
  }

  private static List<Result> read(byte[] bytes) throws IOException {
    var results = new ArrayList<Result>();
    ResultStream.read(new ByteArrayInputStream(bytes), results::add);
    return results;
  }
}
