package heddle.cluster.node.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Copies one output stream of a container to everyone attached to it. A reader that is slow slows
 * the container down; one that left is forgotten.
 */
final class Broadcast {
  private static final int BUFFER = 64 * 1024;

  private final List<PipedOutputStream> readers = new CopyOnWriteArrayList<>();
  private boolean ended;

  synchronized InputStream join() throws IOException {
    if (ended) {
      return InputStream.nullInputStream();
    }
    PipedOutputStream end = new PipedOutputStream();
    PipedInputStream stream =
        new PipedInputStream(end, BUFFER) {
          @Override
          public void close() throws IOException {
            readers.remove(end);
            super.close();
          }
        };
    readers.add(end);
    return stream;
  }

  void write(byte[] bytes, int count) {
    for (PipedOutputStream reader : readers) {
      try {
        reader.write(bytes, 0, count);
        reader.flush();
      } catch (IOException gone) {
        readers.remove(reader);
      }
    }
  }

  synchronized void end() throws IOException {
    ended = true;
    for (PipedOutputStream reader : readers) {
      reader.close();
    }
    readers.clear();
  }
}
