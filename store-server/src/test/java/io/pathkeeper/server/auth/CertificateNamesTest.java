package io.pathkeeper.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.pathkeeper.server.wire.TestAuthority;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;

/** What of a certificate names a principal. */
class CertificateNamesTest {
    private final TestAuthority authority = new TestAuthority("clients");

    private X509Certificate named(String subject, String san) {
        return authority.client(subject, san).certificate();
    }

    @Test
    void namesByWhatTheSettingSays() {
        X509Certificate certificate = named("app", "app.example");
        assertThat(CertificateNames.principal(certificate, "subject")).isEqualTo("CN=app");
        assertThat(CertificateNames.principal(certificate, "common_name")).isEqualTo("app");
        assertThat(CertificateNames.principal(certificate, "san")).isEqualTo("app.example");
        assertThat(CertificateNames.principal(certificate, "none")).isNull();
    }

    @Test
    void whatCouldBeAPathNamesNobody() {
        assertThat(CertificateNames.principal(named("../admin", "x"), "common_name"))
                .isNull();
        assertThat(CertificateNames.principal(named("a/b", "x"), "subject")).isNull();
        assertThat(CertificateNames.principal(named("a", ".."), "san")).isNull();
    }
}
