package heddle.cluster.operation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.store.Key;
import heddle.cluster.store.Store;
import heddle.cluster.store.Stored;
import heddle.cluster.type.Served;
import heddle.cluster.type.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be true before a write is answered: a new namespace has its ServiceAccount and the
 * cluster's certificate, and custom kinds are served exactly while their definition stands.
 */
final class Consequences {
  private static final String NAMESPACES = "namespaces";
  private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

  private final Operations operations;
  private final String certificate;
  private final Call self = Call.system("kube-controller-manager");

  Consequences(Operations operations, String certificate) {
    this.operations = operations;
    this.certificate = certificate;
  }

  void created(Stored stored) {
    switch (stored.key().resource()) {
      case NAMESPACES -> furnish(stored.key().name());
      case DEFINITIONS -> refreshTypes();
      default -> {}
    }
  }

  void updated(Stored stored) {
    if (stored.key().resource().equals(DEFINITIONS)) {
      refreshTypes();
    }
  }

  void deleting(Stored stored) {
    if (stored.key().resource().equals(DEFINITIONS)) {
      deleteAll(stored);
    }
  }

  void removed(Stored stored) {
    if (stored.key().resource().equals(DEFINITIONS)) {
      refreshTypes();
      return;
    }
    Key definition = new Key(DEFINITIONS, "", stored.key().resource());
    Stored crd = operations.store().get(definition);
    if (crd != null && Metadata.deleting(crd.object())) {
      finish(crd);
    }
  }

  void refreshTypes() {
    Types types = operations.types();
    synchronized (this) {
      List<ObjectNode> definitions = new ArrayList<>();
      Store.Listing listing = operations.store().list(DEFINITIONS, "");
      listing.items().forEach(stored -> definitions.add(stored.object()));
      types.custom(definitions);
    }
  }

  private void furnish(String namespace) {
    ObjectNode account = object(namespace, "default");
    create("serviceaccounts", namespace, account);
    ObjectNode root = object(namespace, "kube-root-ca.crt");
    root.putObject("data").put("ca.crt", certificate);
    create("configmaps", namespace, root);
  }

  private static ObjectNode object(String namespace, String name) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.putObject("metadata").put("name", name).put("namespace", namespace);
    return object;
  }

  private void create(String plural, String namespace, ObjectNode object) {
    Served served = operations.types().find("", "v1", plural).orElseThrow();
    try {
      operations.create(self, served, namespace, object);
    } catch (ApiException e) {
      if (!e.reason().equals("AlreadyExists")) {
        throw e;
      }
    }
  }

  private void deleteAll(Stored crd) {
    String resource = crd.key().name();
    Served served =
        operations.types().all().stream()
            .filter(s -> s.definition().custom() && s.resource().equals(resource))
            .findFirst()
            .orElse(null);
    if (served != null) {
      for (Stored item : operations.store().list(resource, "").items()) {
        try {
          operations.delete(
              self, served, item.key().namespace(), item.key().name(), DeleteOptions.background());
        } catch (ApiException e) {
          if (!e.reason().equals("NotFound")) {
            throw e;
          }
        }
      }
    }
    finish(crd);
  }

  /** Lets the definition go once none of its objects is left. */
  private void finish(Stored crd) {
    if (!operations.store().list(crd.key().name(), "").items().isEmpty()) {
      return;
    }
    Served served =
        operations
            .types()
            .find("apiextensions.k8s.io", "v1", "customresourcedefinitions")
            .orElseThrow();
    try {
      operations.modify(
          self,
          served,
          "",
          "",
          crd.key().name(),
          definition -> {
            ArrayNode kept = definition.arrayNode();
            Metadata.finalizers(definition).stream()
                .filter(f -> !f.equals(Deletion.CUSTOM_RESOURCES))
                .forEach(kept::add);
            Metadata.of(definition).set("finalizers", kept);
            return definition;
          });
    } catch (ApiException e) {
      if (!e.reason().equals("NotFound")) {
        throw e;
      }
    }
  }
}
