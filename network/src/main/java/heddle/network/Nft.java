package heddle.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Runs nftables scripts in the namespace of the calling thread. A script is applied wholly or not.
 *
 * <p>Scripts run inside this process through libnftables, the library that the {@code nft} command
 * is made of: half a millisecond instead of a process. Where only the command is found, it is used.
 */
final class Nft {
  private static final Optional<Library> LIBRARY = Library.find();

  private Nft() {}

  /**
   * Applies a script.
   *
   * @throws NetworkException with nft's words and the script when it is refused
   */
  static void apply(String script) {
    Optional<String> refusal = LIBRARY.isPresent() ? LIBRARY.get().run(script) : spawn(script);
    if (refusal.isPresent()) {
      throw new NetworkException(
          "nftables: " + refusal.get().strip() + "\nin the script:\n" + script);
    }
  }

  private static Optional<String> spawn(String script) {
    try {
      Process nft = new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
      try (var in = nft.getOutputStream()) {
        in.write(script.getBytes(StandardCharsets.US_ASCII));
      }
      String said = new String(nft.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return nft.waitFor() == 0 ? Optional.empty() : Optional.of(said);
    } catch (IOException e) {
      throw new UncheckedIOException("nft cannot be run; install nftables", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NetworkException("interrupted while nft ran", e);
    }
  }

  /** {@code libnftables(3)}; one script at a time, since its parser keeps global tables. */
  private record Library(
      MethodHandle create,
      MethodHandle keepErrors,
      MethodHandle run,
      MethodHandle errors,
      MethodHandle free) {
    private static final String NAME = "libnftables.so.1";

    static Optional<Library> find() {
      SymbolLookup symbols;
      try {
        symbols = SymbolLookup.libraryLookup(NAME, Arena.global());
      } catch (IllegalArgumentException e) {
        return Optional.empty(); // nft is linked statically here: the command will do
      }
      AddressLayout pointer = ValueLayout.ADDRESS;
      ValueLayout.OfInt number = ValueLayout.JAVA_INT;
      return Optional.of(
          new Library(
              bind(symbols, "nft_ctx_new", FunctionDescriptor.of(pointer, number)),
              bind(symbols, "nft_ctx_buffer_error", FunctionDescriptor.of(number, pointer)),
              bind(
                  symbols,
                  "nft_run_cmd_from_buffer",
                  FunctionDescriptor.of(number, pointer, pointer)),
              bind(symbols, "nft_ctx_get_error_buffer", FunctionDescriptor.of(pointer, pointer)),
              bind(symbols, "nft_ctx_free", FunctionDescriptor.ofVoid(pointer))));
    }

    private static MethodHandle bind(SymbolLookup symbols, String name, FunctionDescriptor type) {
      return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type);
    }

    /** Runs a script in a context of its own, whose socket belongs to the thread's namespace. */
    Optional<String> run(String script) {
      synchronized (NAME) {
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment context = (MemorySegment) create.invokeExact(0);
          try {
            int kept = (int) keepErrors.invokeExact(context);
            int result = (int) run.invokeExact(context, arena.allocateFrom(script));
            if (kept == 0 && result == 0) {
              return Optional.empty();
            }
            MemorySegment said = (MemorySegment) errors.invokeExact(context);
            return Optional.of(said.reinterpret(Long.MAX_VALUE).getString(0));
          } finally {
            free.invokeExact(context);
          }
        } catch (RuntimeException | Error e) {
          throw e;
        } catch (Throwable e) {
          throw new LinkageError(NAME, e);
        }
      }
    }
  }
}
