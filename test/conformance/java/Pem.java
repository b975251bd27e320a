import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Reads certificates and private keys from PEM files. */
final class Pem {
  private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]+)-----END \\1-----");
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");

  private record Block(String type, byte[] der) {}

  private static List<Block> blocks(String path) throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(Path.of(path), StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
    }
    return blocks;
  }

  static List<X509Certificate> certificates(String path) throws IOException, GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(path)) {
      if (block.type().equals("CERTIFICATE")) {
        certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("no certificate in " + path);
    }
    return certificates;
  }

  /** A key store with the certificates of every file as trusted. */
  static KeyStore authorities(List<String> paths) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (String path : paths) {
      for (X509Certificate certificate : certificates(path)) {
        store.setCertificateEntry("authority-" + store.size(), certificate);
      }
    }
    return store;
  }

  static PrivateKey privateKey(String path, String passphrasePath) throws IOException, GeneralSecurityException {
    for (Block block : blocks(path)) {
      switch (block.type()) {
        case "PRIVATE KEY":
          return fromPkcs8(block.der());
        case "RSA PRIVATE KEY":
          return fromPkcs8(pkcs8(RSA, block.der()));
        case "EC PRIVATE KEY":
          return fromPkcs8(pkcs8(sequence(concatenate(EC_PUBLIC_KEY, curve(block.der()))), block.der()));
        case "ENCRYPTED PRIVATE KEY":
          return decrypted(block.der(), passphrasePath);
        default:
          // EC PARAMETERS may stand before the key.
      }
    }
    throw new IllegalArgumentException("no private key in " + path);
  }

  private static PrivateKey fromPkcs8(byte[] der) throws GeneralSecurityException {
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException another) {
        continue;
      }
    }
    throw new InvalidKeySpecException("unknown key algorithm");
  }

  private static PrivateKey decrypted(byte[] der, String passphrasePath) throws IOException, GeneralSecurityException {
    if (passphrasePath == null) {
      throw new IllegalArgumentException("the key is encrypted and no passphrase is given");
    }
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
    char[] passphrase = Files.readString(Path.of(passphrasePath)).toCharArray();
    // The JDK names PBES2 in full only in its parameters, such as PBEWithHmacSHA256AndAES_256.
    String algorithm = info.getAlgParameters().toString();
    Key key = SecretKeyFactory.getInstance(algorithm).generateSecret(new PBEKeySpec(passphrase));
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
    return fromPkcs8(info.getKeySpec(cipher).getEncoded());
  }

  /** PKCS#8 (RFC 5208) around a key of an older format: version 0, algorithm, octet string. */
  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    return sequence(concatenate(new byte[] {2, 1, 0}, algorithm, element(4, key)));
  }

  /** The curve's identifier, which SEC1 (RFC 5915) keeps in a field tagged [0]: A0 length 06 length. */
  private static byte[] curve(byte[] sec1) {
    for (int i = 0; i + 3 < sec1.length; i++) {
      if (sec1[i] == (byte) 0xa0 && sec1[i + 2] == 6 && sec1[i + 1] == sec1[i + 3] + 2) {
        return Arrays.copyOfRange(sec1, i + 2, i + 4 + sec1[i + 3]);
      }
    }
    throw new IllegalArgumentException("the key names no curve");
  }

  private static byte[] sequence(byte[] content) {
    return element(0x30, content);
  }

  private static byte[] element(int tag, byte[] content) {
    int length = content.length;
    byte first = (byte) tag;
    if (length < 128) {
      return concatenate(new byte[] {first, (byte) length}, content);
    }
    if (length < 256) {
      return concatenate(new byte[] {first, (byte) 0x81, (byte) length}, content);
    }
    return concatenate(new byte[] {first, (byte) 0x82, (byte) (length >> 8), (byte) length}, content);
  }

  private static byte[] concatenate(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
