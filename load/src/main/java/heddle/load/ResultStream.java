package heddle.load;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.function.Consumer;

/** Results as a stream of bytes, for pipes and files. The format is Heddle's own. */
public final class ResultStream {
  private static final int MAGIC = 0x48_4c_52_31; // HLR1

  private ResultStream() {}

  /** Writes results; what was written so far is complete after {@link #close()}. */
  public static final class Writer implements AutoCloseable {
    private final DataOutputStream out;

    public Writer(OutputStream out) throws IOException {
      this.out = new DataOutputStream(new BufferedOutputStream(out));
      this.out.writeInt(MAGIC);
    }

    public void write(Result result) throws IOException {
      out.writeLong(result.sequence());
      out.writeLong(result.due().getEpochSecond());
      out.writeInt(result.due().getNano());
      out.writeLong(result.latencyNanos());
      out.writeInt(result.status());
      out.writeLong(result.bytesOut());
      out.writeLong(result.bytesIn());
      out.writeUTF(result.error());
      out.writeUTF(result.method());
      out.writeUTF(result.url());
    }

    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  /**
   * Reads to the end of the stream, which may hold several streams one after the other.
   *
   * @throws IOException also when the bytes are none of this format; an empty stream holds no
   *     results
   */
  public static void read(InputStream source, Consumer<Result> sink) throws IOException {
    var in = new BufferedInputStream(source, 1 << 16);
    var data = new DataInputStream(in);
    boolean begun = false;
    while (true) {
      in.mark(4);
      int first = in.read();
      if (first < 0) {
        return;
      }
      in.reset();
      if (!begun || first == MAGIC >>> 24) {
        begin(data);
        begun = true;
      } else {
        sink.accept(next(data));
      }
    }
  }

  private static void begin(DataInputStream data) throws IOException {
    int magic;
    try {
      magic = data.readInt();
    } catch (EOFException e) {
      throw new IOException("not the results of an attack: too short", e);
    }
    if (magic != MAGIC) {
      throw new IOException("not the results of an attack by Heddle's vegeta");
    }
  }

  private static Result next(DataInputStream data) throws IOException {
    try {
      return new Result(
          data.readLong(),
          Instant.ofEpochSecond(data.readLong(), data.readInt()),
          data.readLong(),
          data.readInt(),
          data.readLong(),
          data.readLong(),
          data.readUTF(),
          data.readUTF(),
          data.readUTF());
    } catch (EOFException e) {
      throw new IOException("the results end in the middle of one: the attack was cut off", e);
    }
  }
}
