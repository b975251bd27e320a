import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The SSL context of a request's own pair and of the authorities that it trusts. */
final class Contexts {
  static SSLContext of(Request request, List<String> authorities) throws IOException, GeneralSecurityException {
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(Pem.authorities(authorities));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers(request), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyManager[] keyManagers(Request request) throws IOException, GeneralSecurityException {
    if (request.text("certificate") == null) {
      return new KeyManager[0];
    }
    X509Certificate[] chain = Pem.certificates(request.text("certificate")).toArray(X509Certificate[]::new);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("pair", Pem.privateKey(request.text("key"), request.text("passphrase")), new char[0], chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    return keys.getKeyManagers();
  }
}
