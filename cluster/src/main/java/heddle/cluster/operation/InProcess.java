package heddle.cluster.operation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import heddle.cluster.object.ApiException;
import heddle.cluster.object.DeleteOptions;
import heddle.cluster.object.Metadata;
import heddle.cluster.object.Objects;
import heddle.cluster.object.ResourceType;
import heddle.cluster.object.WatchEvent;
import heddle.cluster.store.Change;
import heddle.cluster.store.Feed;
import heddle.cluster.type.Served;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Objects} straight on the operations. */
public final class InProcess implements Objects {
  private static final Logger LOG = LoggerFactory.getLogger(InProcess.class);
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Operations operations;
  private final Call call;
  private final ObjectMapper mapper = new ObjectMapper();

  /**
   * @param manager the field manager under which this caller writes
   */
  public InProcess(Operations operations, String manager) {
    this.operations = operations;
    this.call = Call.system(manager);
  }

  @Override
  public Optional<ObjectNode> get(ResourceType type, @Nullable String namespace, String name) {
    return operations.get(served(type), text(namespace), name);
  }

  @Override
  public ObjectList list(ResourceType type, @Nullable String namespace) {
    Operations.Listing listing = operations.list(served(type), text(namespace));
    return new ObjectList(listing.revision(), listing.items());
  }

  @Override
  public ObjectNode create(ResourceType type, ObjectNode object) {
    return operations.create(call, served(type), Metadata.namespace(object), parsed(object));
  }

  @Override
  public ObjectNode update(ResourceType type, ObjectNode object) {
    return write(type, subresource(type), object);
  }

  @Override
  public ObjectNode updateStatus(ResourceType type, ObjectNode object) {
    return write(type, "status", object);
  }

  private ObjectNode write(ResourceType type, String subresource, ObjectNode object) {
    ObjectNode desired = parsed(object);
    return operations.modify(
        call,
        served(type),
        subresource,
        Metadata.namespace(object),
        Metadata.name(object),
        current -> desired.deepCopy());
  }

  @Override
  public Optional<ObjectNode> modify(
      ResourceType type,
      @Nullable String namespace,
      String name,
      UnaryOperator<ObjectNode> change) {
    return change(type, subresource(type), namespace, name, change);
  }

  @Override
  public Optional<ObjectNode> modifyStatus(
      ResourceType type,
      @Nullable String namespace,
      String name,
      UnaryOperator<ObjectNode> change) {
    return change(type, "status", namespace, name, change);
  }

  private Optional<ObjectNode> change(
      ResourceType type,
      String subresource,
      @Nullable String namespace,
      String name,
      UnaryOperator<ObjectNode> change) {
    Served served = served(type);
    boolean[] changing = {false};
    try {
      return Optional.of(
          operations.modify(
              call,
              served,
              subresource,
              text(namespace),
              name,
              current -> {
                changing[0] = true;
                ObjectNode changed = parsed(change.apply(current));
                changing[0] = false;
                return changed;
              }));
    } catch (ApiException e) {
      // Only the object's own absence is an empty answer, not one that the change itself met.
      if (e.reason().equals("NotFound") && !changing[0]) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void delete(
      ResourceType type, @Nullable String namespace, String name, DeleteOptions options) {
    operations.delete(call, served(type), text(namespace), name, options);
  }

  @Override
  public Watch watch(
      ResourceType type, @Nullable String namespace, long revision, WatchListener listener) {
    Served served = served(type);
    Feed feed = operations.store().feed(served.resource(), text(namespace), revision);
    Thread.ofVirtual()
        .name("watch-" + type.qualifiedPlural())
        .start(() -> follow(served, feed, listener));
    return feed::close;
  }

  private static void follow(Served served, Feed feed, WatchListener listener) {
    long seen = 0;
    while (!feed.closed()) {
      try {
        Change change = feed.poll(PATIENCE);
        if (change != null) {
          seen = change.revision();
          tell(listener, event(served, change));
        }
      } catch (ApiException expired) {
        feed.close();
        ObjectNode nothing = new ObjectMapper().createObjectNode();
        tell(listener, new WatchEvent(WatchEvent.Type.EXPIRED, seen, nothing));
      } catch (InterruptedException e) {
        feed.close();
      }
    }
  }

  private static void tell(WatchListener listener, WatchEvent event) {
    try {
      listener.event(event);
    } catch (RuntimeException e) {
      // The watch ends when its reader closes it, not by a defect of the reader.
      LOG.error("a watcher failed on {}", event.type(), e);
    }
  }

  private static WatchEvent event(Served served, Change change) {
    WatchEvent.Type type =
        change.after() == null
            ? WatchEvent.Type.DELETED
            : change.before() == null ? WatchEvent.Type.ADDED : WatchEvent.Type.MODIFIED;
    return new WatchEvent(type, change.revision(), Operations.view(served, change.last()));
  }

  @Override
  public List<ResourceType> types() {
    List<ResourceType> types = new ArrayList<>();
    for (Served served : operations.types().all()) {
      ResourceType storage = served.definition().type();
      if (served.definition().verbs().contains("list") && !types.contains(storage)) {
        types.add(storage);
      }
    }
    return List.copyOf(types);
  }

  private Served served(ResourceType type) {
    return operations.types().of(type);
  }

  /** Namespaces are finalized by controllers of this process, so they may write all of them. */
  private static String subresource(ResourceType type) {
    return type.group().isEmpty() && type.plural().equals("namespaces") ? "finalize" : "";
  }

  private static String text(@Nullable String namespace) {
    return namespace == null ? "" : namespace;
  }

  /** The tree as a reader of its JSON would have it, so that equal objects are equal trees. */
  private ObjectNode parsed(ObjectNode object) {
    try {
      return (ObjectNode) mapper.readTree(mapper.writeValueAsBytes(object));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot copy an object: " + e.getMessage(), e);
    }
  }
}
