package heddle.images;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/** Sets of host programs that images show. */
final class Tools {
  /** What a small Linux image has. */
  static final Set<String> BASIC =
      set(
          "sh bash cat ls echo printf sleep date env printenv grep egrep fgrep sed awk head tail wc",
          "cut sort uniq tr tee test true false mkdir rmdir rm cp mv touch ln readlink chmod id",
          "whoami uname hostname ps kill seq xargs find basename dirname pwd mktemp base64",
          "sha256sum md5sum stat timeout which tar gzip gunzip od hexdump diff yes expr nproc df",
          "du free uptime");

  /** For images people enter to ask around the cluster. */
  static final Set<String> NETWORK =
      set("curl wget nc ping ip ss nslookup dig getent host netstat traceroute");

  static final Set<String> CURL = and(BASIC, "curl");

  private Tools() {}

  static Set<String> and(Set<String> some, String... more) {
    var all = new TreeSet<>(some);
    all.addAll(Arrays.asList(more));
    return all;
  }

  static Set<String> both(Set<String> some, Set<String> others) {
    return and(some, others.toArray(String[]::new));
  }

  private static Set<String> set(String... lines) {
    var all = new TreeSet<String>();
    for (String line : lines) {
      all.addAll(Arrays.asList(line.split(" ")));
    }
    return all;
  }
}
