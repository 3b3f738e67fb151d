package heddle.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Turns Ctrl-C (and TERM) into a request to finish: while this is open, the process ends only once
 * it is closed.
 */
final class Interrupt implements AutoCloseable {

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private Interrupt(Runnable finish) {
    this.hook =
        new Thread(
            () -> {
              finish.run();
              awaitFinished();
            },
            "interrupt");
  }

  /**
   * @param finish asks the work to end; must not wait for it
   */
  static Interrupt asks(Runnable finish) {
    Interrupt interrupt = new Interrupt(finish);
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  private void awaitFinished() {
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending already: the hook has run, and now lets go.
    }
  }
}
