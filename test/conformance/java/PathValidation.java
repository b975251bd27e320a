import java.security.cert.PKIXBuilderParameters;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Date;
import sun.security.util.HostnameChecker;
import sun.security.validator.Validator;

/** Path validation without a connection, by the very classes that the JDK's trust manager uses. */
final class PathValidation {
  static void verify(Request request) throws Exception {
    X509Certificate[] chain = Pem.certificates(request.text("chain")).toArray(X509Certificate[]::new);
    PKIXBuilderParameters parameters =
        new PKIXBuilderParameters(Pem.authorities(request.texts("cas")), new X509CertSelector());
    parameters.setRevocationEnabled(false);
    if (request.number("at") != null) {
      parameters.setDate(new Date(request.number("at") * 1000));
    }
    boolean client = "client".equals(request.text("purpose"));
    String variant = client ? Validator.VAR_TLS_CLIENT : Validator.VAR_TLS_SERVER;
    // UNKNOWN is the key exchange of TLS 1.3, where the key usage must be digitalSignature.
    Validator.getInstance(Validator.TYPE_PKIX, variant, parameters).validate(chain, null, "UNKNOWN");
    if (request.text("name") != null) {
      HostnameChecker.getInstance(HostnameChecker.TYPE_TLS).match(request.text("name"), chain[0]);
    }
  }
}
