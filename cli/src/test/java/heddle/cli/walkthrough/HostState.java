package heddle.cli.walkthrough;

/** What the host's own network looks like: nothing that a cluster does may show in it. */
record HostState(String text) {

  private static final String LOOK =
      "for what in link addr rule route 'netns list'; do echo \"== $what\";"
          + " ip -o $what | sed -E 's/ (valid_lft|preferred_lft) [^ ]+//g'; done;"
          + " echo == rules; nft list ruleset 2>/dev/null || true";

  static HostState now(HeddleCommandLine line) {
    return new HostState(line.shell("none", LOOK).succeeded().out());
  }
}
