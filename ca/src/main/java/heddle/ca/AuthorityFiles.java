package heddle.ca;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Set;
import java.util.function.Supplier;

/** The authority's directory. Each file is written whole or not at all, readable by its owner. */
final class AuthorityFiles {
  private final Path directory;
  private final SecureRandom random;

  AuthorityFiles(Path directory, SecureRandom random) {
    this.directory = directory;
    this.random = random;
  }

  void prepare() throws IOException {
    Files.createDirectories(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  /** The key pair in {@code NAME.key} and {@code NAME.pub}, made when there is none. */
  KeyPair keyPair(String name) throws IOException {
    Path keyFile = directory.resolve(name + ".key");
    Path publicFile = directory.resolve(name + ".pub");
    if (Files.exists(keyFile)) {
      try {
        return new KeyPair(
            Pem.publicKey(Files.readString(publicFile)), Pem.ecKey(Files.readString(keyFile)));
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException(keyFile + " or " + publicFile + ": " + e.getMessage(), e);
      }
    }
    KeyPair pair = generate(random);
    write(publicFile, Pem.of(pair.getPublic()));
    write(keyFile, Pem.of(pair.getPrivate()));
    return pair;
  }

  /** The certificate in a file, or a new one when there is none or it is of another key. */
  X509Certificate certificate(String name, PublicKey key, Supplier<X509Certificate> maker)
      throws IOException {
    Path file = directory.resolve(name);
    if (Files.exists(file)) {
      try {
        X509Certificate found = Pem.certificates(Files.readString(file)).getFirst();
        if (found.getPublicKey().equals(key)) {
          return found;
        }
      } catch (IllegalArgumentException e) {
        throw new IllegalStateException(file + ": " + e.getMessage(), e);
      }
    }
    X509Certificate made = maker.get();
    write(file, Pem.of(made));
    return made;
  }

  private void write(Path file, String text) throws IOException {
    Path temporary = directory.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(temporary);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (var channel =
        Files.newByteChannel(
            temporary, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
      var bytes = java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  static KeyPair generate(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no elliptic curve P-256", e);
    }
  }
}
