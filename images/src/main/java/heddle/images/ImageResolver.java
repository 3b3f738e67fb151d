package heddle.images;

/** Finds the image that a reference stands for. */
public interface ImageResolver {

  /**
   * @throws ImageNotFoundException when nothing knows the reference; its message becomes the pod's
   *     {@code ErrImagePull} and says what to do
   */
  Image resolve(String reference) throws ImageNotFoundException;
}
