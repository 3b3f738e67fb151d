package heddle.images;

/** No source knows an image reference. */
public final class ImageNotFoundException extends Exception {
  private static final long serialVersionUID = 1L;

  public ImageNotFoundException(String message) {
    super(message);
  }
}
