package io.pathkeeper.server.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReloadingTlsTest {
    @TempDir
    Path directory;

    private final TestAuthority authority = new TestAuthority("first");
    private TlsFiles files;

    @BeforeEach
    void write() {
        authority.server("s1").write(directory, "server");
        files = files(false);
        authority.write(directory.resolve("ca.pem"));
    }

    private TlsFiles files(boolean servers) {
        return new TlsFiles(
                "client.tls",
                directory.resolve("server.pem"),
                directory.resolve("server.key"),
                directory.resolve("ca.pem"),
                servers);
    }

    private ReloadingTls load() throws TlsException {
        return ReloadingTls.load(files, InstantSource.system());
    }

    private static BigInteger shown(X509ExtendedKeyManager keys) {
        return keys.getCertificateChain(keys.chooseEngineServerAlias("EC", null, null))[0].getSerialNumber();
    }

    @Test
    void newFilesAreUsedByNextHandshakeAndThoseUnderWayEndWithWhatTheyBeganWith() throws Exception {
        ReloadingTls tls = load();
        X509ExtendedKeyManager keys =
                tls.endpoint(ClientAuth.NONE, List.of("TLSv1.3")).key();
        String underWay = keys.chooseEngineServerAlias("EC", null, null);
        X509Certificate before = keys.getCertificateChain(underWay)[0];

        TestAuthority.Identity next = authority.server("s1");
        next.write(directory, "server");
        tls.reload();

        assertThat(shown(keys)).isEqualTo(next.certificate().getSerialNumber());
        assertThat(keys.getCertificateChain(underWay)[0]).isEqualTo(before);
        assertThat(tls.reloads()).isEqualTo(1);
    }

    @Test
    void authoritiesAreReplacedToo() throws Exception {
        ReloadingTls tls = load();
        X509ExtendedTrustManager trust =
                tls.endpoint(ClientAuth.REQUIRE, List.of("TLSv1.3")).trust();
        TestAuthority second = new TestAuthority("second");
        X509Certificate[] old = {authority.client("app").certificate()};
        X509Certificate[] young = {second.client("app").certificate()};
        trust.checkClientTrusted(old, "EC");
        assertThatThrownBy(() -> trust.checkClientTrusted(young, "EC")).isInstanceOf(CertificateException.class);

        second.write(directory.resolve("ca.pem"));
        tls.reload();

        trust.checkClientTrusted(young, "EC");
        assertThatThrownBy(() -> trust.checkClientTrusted(old, "EC")).isInstanceOf(CertificateException.class);
    }

    @Test
    void badFileKeepsTheOldOneAndRaisesTheAlarmUntilItIsMended() throws Exception {
        ReloadingTls tls = load();
        X509ExtendedKeyManager keys =
                tls.endpoint(ClientAuth.NONE, List.of("TLSv1.3")).key();
        BigInteger before = shown(keys);

        authority.server("s1").write(directory, "other");
        Files.copy(
                directory.resolve("other.pem"),
                directory.resolve("server.pem"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        tls.reload();
        tls.reload();

        assertThat(shown(keys)).isEqualTo(before);
        assertThat(tls.problem()).contains("client.tls.key", "is not the key of the certificate");
        assertThat(tls.failures()).isEqualTo(1);

        authority.server("s1").write(directory, "server");
        tls.reload();
        assertThat(tls.problem()).isEmpty();
        assertThat(shown(keys)).isNotEqualTo(before);
    }

    @Test
    void vanishedAndEmptyFilesKeepTheOldOnes() throws Exception {
        ReloadingTls tls = load();
        BigInteger before =
                shown(tls.endpoint(ClientAuth.NONE, List.of("TLSv1.3")).key());

        Files.delete(directory.resolve("ca.pem"));
        tls.reload();
        assertThat(tls.problem()).contains("client.tls.ca", "no such file");
        Files.writeString(directory.resolve("ca.pem"), "");
        tls.reload();
        assertThat(tls.problem()).contains("holds no certificate");

        assertThat(shown(tls.endpoint(ClientAuth.NONE, List.of("TLSv1.3")).key()))
                .isEqualTo(before);
    }

    @Test
    void expiredCertificateIsRefusedAndAnEndNearByRaisesTheAlarm() throws Exception {
        authority.server("s1", Instant.now().plus(Duration.ofDays(10))).write(directory, "server");
        ReloadingTls tls = load();
        assertThat(tls.expiryProblem()).contains("client.tls.certificate ends at");

        authority.server("s1", Instant.now().minus(Duration.ofDays(1))).write(directory, "server");
        assertThatThrownBy(this::load).isInstanceOf(TlsException.class).hasMessageContaining("expired at");
    }

    @Test
    void certificateOfAnotherAuthorityIsNoServersCertificate() {
        files = files(true);
        new TestAuthority("second").server("s1").write(directory, "server");

        assertThatThrownBy(this::load)
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("would be refused by the other servers");
    }

    @Test
    void clientsCertificateIsNoServersCertificate() throws Exception {
        files = files(true);
        X509ExtendedTrustManager trust =
                load().endpoint(ClientAuth.REQUIRE, List.of("TLSv1.3")).trust();
        X509Certificate[] client = {authority.client("app").certificate()};
        X509Certificate[] server = {authority.server("s2").certificate()};

        trust.checkClientTrusted(server, "EC");
        assertThatThrownBy(() -> trust.checkClientTrusted(client, "EC"))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("not good for a server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void readsKeysOfAllKinds(String algorithm) throws Exception {
        authority.serverWith("s1", algorithm).write(directory, "server");

        assertThat(load().certificateExpires()).isAfter(Instant.now());
    }

    @Test
    void readsPkcs1AndRefusesOtherFormsWithTheWayToConvert() throws Exception {
        TestAuthority.Identity rsa = authority.serverWith("s1", "RSA");
        rsa.write(directory, "server");
        byte[] pkcs8 = rsa.key().getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        TestAuthority.write(directory.resolve("server.key"), TestAuthority.pem("RSA PRIVATE KEY", pkcs1));
        load();

        TestAuthority.write(directory.resolve("server.key"), TestAuthority.pem("ENCRYPTED PRIVATE KEY", pkcs8));
        assertThatThrownBy(this::load).hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
        TestAuthority.write(directory.resolve("server.key"), TestAuthority.pem("PRIVATE KEY", new byte[] {1, 2, 3}));
        assertThatThrownBy(this::load).hasMessageContaining("cannot be read").hasMessageNotContaining("AQID");
    }
}
