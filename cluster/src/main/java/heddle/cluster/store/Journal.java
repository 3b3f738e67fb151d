package heddle.cluster.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Consumer;

/**
 * The SQLite file. Write-ahead log with a sync on every commit, so a commit that returned survives
 * the process and the machine. Used by the store's writer thread alone once loaded.
 */
final class Journal implements AutoCloseable {
  private final Connection connection;
  private final ObjectMapper mapper = new ObjectMapper();

  private Journal(Connection connection) {
    this.connection = connection;
  }

  static Journal open(Path file) {
    try {
      createPrivate(file);
      Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA journal_mode=WAL");
        statement.execute("PRAGMA synchronous=FULL");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS object (resource TEXT NOT NULL, namespace TEXT NOT NULL,"
                + " name TEXT NOT NULL, revision INTEGER NOT NULL, body BLOB NOT NULL,"
                + " PRIMARY KEY (resource, namespace, name)) WITHOUT ROWID");
        statement.execute(
            "CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1),"
                + " revision INTEGER NOT NULL)");
        statement.execute("INSERT OR IGNORE INTO clock VALUES (1, 1)");
      }
      connection.setAutoCommit(false);
      return new Journal(connection);
    } catch (SQLException | IOException e) {
      throw new StoreException("cannot open the store " + file + ": " + e.getMessage(), e);
    }
  }

  private static void createPrivate(Path file) throws IOException {
    var mode = PosixFilePermissions.fromString("rw-------");
    try {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(mode));
    } catch (FileAlreadyExistsException e) {
      Files.setPosixFilePermissions(file, mode);
    }
  }

  long revision() {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT revision FROM clock")) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new StoreException("cannot read the store's revision: " + e.getMessage(), e);
    }
  }

  void load(Consumer<Stored> sink) {
    String query = "SELECT resource, namespace, name, revision, body FROM object";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        Key key = new Key(rows.getString(1), rows.getString(2), rows.getString(3));
        if (!(mapper.readTree(rows.getBytes(5)) instanceof ObjectNode object)) {
          throw new IOException(key + " is not an object");
        }
        sink.accept(new Stored(key, rows.getLong(4), object));
      }
      connection.rollback();
    } catch (SQLException | IOException e) {
      throw new StoreException("cannot read the store: " + e.getMessage(), e);
    }
  }

  /** Writes all changes and the new revision in one transaction, or none of them. */
  void commit(List<Change> changes, long revision) {
    try {
      try (PreparedStatement put =
              connection.prepareStatement("INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?)");
          PreparedStatement remove =
              connection.prepareStatement(
                  "DELETE FROM object WHERE resource = ? AND namespace = ? AND name = ?");
          PreparedStatement clock =
              connection.prepareStatement("UPDATE clock SET revision = ? WHERE id = 1")) {
        for (Change change : changes) {
          write(change, put, remove);
        }
        clock.setLong(1, revision);
        clock.executeUpdate();
      }
      connection.commit();
    } catch (SQLException | JsonProcessingException e) {
      rollback(e);
      throw new StoreException("cannot write to the store: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      rollback(e); // else the next commit would write what this one was refused for
      throw e;
    }
  }

  private void write(Change change, PreparedStatement put, PreparedStatement remove)
      throws SQLException, JsonProcessingException {
    PreparedStatement statement = change.after() == null ? remove : put;
    statement.setString(1, change.key().resource());
    statement.setString(2, change.key().namespace());
    statement.setString(3, change.key().name());
    if (change.after() != null) {
      statement.setLong(4, change.revision());
      statement.setBytes(5, mapper.writeValueAsBytes(change.after()));
    }
    statement.executeUpdate();
  }

  private void rollback(Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new StoreException("cannot close the store: " + e.getMessage(), e);
    }
  }
}
