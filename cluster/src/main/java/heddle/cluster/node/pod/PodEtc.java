package heddle.cluster.node.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.node.sandbox.Sandbox.Mount;
import heddle.cluster.object.Metadata;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** The files of {@code /etc} that a pod's containers share. */
final class PodEtc {
  private final ObjectNode pod;
  private final Path directory;

  PodEtc(ObjectNode pod, Path directory) {
    this.pod = pod;
    this.directory = directory;
  }

  /** The pod's host name: its own, cut to what the kernel takes. */
  static String hostname(ObjectNode pod) {
    String name = pod.path("spec").path("hostname").asText(Metadata.name(pod));
    return name.length() <= 63 ? name : name.substring(0, 63).replaceAll("[-.]+$", "");
  }

  /** Writes them anew. */
  void write(Inet4Address address, Inet4Address nameServer) throws IOException {
    Files.createDirectories(directory);
    put("hostname", hostname(pod) + "\n");
    put("hosts", hosts(address));
    put("resolv.conf", resolver(nameServer));
    put("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nservices: files\n");
  }

  /** What a container sees; {@code passwd} and {@code group} name its user. */
  List<Mount> mounts(int user, Path container) throws IOException {
    List<Mount> mounts = new ArrayList<>();
    for (String name : List.of("hostname", "hosts", "resolv.conf", "nsswitch.conf")) {
      mounts.add(new Mount(directory.resolve(name), "/etc/" + name, name.equals("nsswitch.conf")));
    }
    String entry = user == 0 || user == 65534 ? "" : "app:x:%1$d:%1$d::/:/bin/sh\n".formatted(user);
    Path passwd = container.resolve("passwd");
    Files.writeString(
        passwd,
        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n" + entry);
    Path group = container.resolve("group");
    Files.writeString(
        group, "root:x:0:\nnogroup:x:65534:\n" + (entry.isEmpty() ? "" : "app:x:" + user + ":\n"));
    mounts.add(new Mount(passwd, "/etc/passwd", true));
    mounts.add(new Mount(group, "/etc/group", true));
    return mounts;
  }

  private String hosts(Inet4Address address) {
    StringBuilder text =
        new StringBuilder("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n");
    String subdomain = pod.path("spec").path("subdomain").asText("");
    String full =
        subdomain.isEmpty()
            ? ""
            : hostname(pod)
                + "."
                + subdomain
                + "."
                + Metadata.namespace(pod)
                + ".svc.cluster.local\t";
    text.append(address.getHostAddress()).append('\t').append(full).append(hostname(pod));
    text.append('\n');
    for (JsonNode alias : pod.path("spec").path("hostAliases")) {
      text.append(alias.path("ip").asText())
          .append('\t')
          .append(String.join("\t", words(alias.path("hostnames"))))
          .append('\n');
    }
    return text.toString();
  }

  private String resolver(Inet4Address nameServer) {
    String policy = pod.path("spec").path("dnsPolicy").asText("ClusterFirst");
    JsonNode extra = pod.path("spec").path("dnsConfig");
    List<String> servers = new ArrayList<>();
    List<String> searches = new ArrayList<>();
    List<String> options = new ArrayList<>();
    if (!policy.equals("None")) {
      // The host's resolvers may be out of a pod's reach; the cluster's name server asks them.
      servers.add(nameServer.getHostAddress());
    }
    if (policy.startsWith("ClusterFirst")) {
      searches.add(Metadata.namespace(pod) + ".svc.cluster.local");
      searches.add("svc.cluster.local");
      searches.add("cluster.local");
      options.add("ndots:5");
    }
    servers.addAll(words(extra.path("nameservers")));
    searches.addAll(words(extra.path("searches")));
    for (JsonNode option : extra.path("options")) {
      String name = option.path("name").asText();
      options.removeIf(present -> present.equals(name) || present.startsWith(name + ":"));
      options.add(option.has("value") ? name + ":" + option.path("value").asText() : name);
    }
    StringBuilder text = new StringBuilder();
    servers.forEach(server -> text.append("nameserver ").append(server).append('\n'));
    if (!searches.isEmpty()) {
      text.append("search ").append(String.join(" ", searches)).append('\n');
    }
    if (!options.isEmpty()) {
      text.append("options ").append(String.join(" ", options)).append('\n');
    }
    return text.toString();
  }

  private static List<String> words(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  /** In place, so that containers which have the file mounted see the change. */
  private void put(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }
}
