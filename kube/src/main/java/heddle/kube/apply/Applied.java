package heddle.kube.apply;

import heddle.kube.KubeObject;

/** What became of one object of a manifest. */
public record Applied(KubeObject object, Change change) {

  /** kubectl's words. */
  public enum Change {
    CREATED("created"),
    CONFIGURED("configured"),
    UNCHANGED("unchanged"),
    PRUNED("pruned");

    private final String word;

    Change(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
