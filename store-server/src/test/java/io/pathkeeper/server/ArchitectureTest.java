package io.pathkeeper.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Holds the server to the table of packages, and the table's search to what it must find. */
@Timeout(300)
class ArchitectureTest {
    private static final String SERVER = "io.pathkeeper.server";
    private static final String PLANTED = "io.pathkeeper.server.planted";

    static {
        ((Logger) LoggerFactory.getLogger("com.tngtech.archunit")).setLevel(Level.WARN);
    }

    @Test
    void packagesImportOnlyWhatTheyMay() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(SERVER);

        assertThat(classes).hasSizeGreaterThan(50);
        assertThat(PackageRules.violations(classes, SERVER)).isEmpty();
    }

    /** Such a command may write what no client may: it is made where users and roles are changed, and read from the log. */
    @Test
    void onlyServersMakeInternalCommands() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(SERVER);
        assertThat(classes.get(SERVER + ".state.Command$Internal").getConstructorCallsToSelf())
                .extracting(call -> call.getOriginOwner().getSimpleName())
                .containsOnly("AuthChange", "QuotaCalls", "CommandCodec");
    }

    @Test
    void findsEveryPlantedFault() {
        JavaClasses classes = new ClassFileImporter().importPackages(PLANTED);

        List<String> found = PackageRules.violations(classes, PLANTED);

        assertThat(found)
                .contains(
                        PLANTED + ".tree.UpwardTree in tree imports " + PLANTED + ".rpc.SomeEndpoint of rpc",
                        PLANTED + ".tree.UpwardTree in tree imports " + PLANTED + ".ServerMain of the composition",
                        PLANTED + ".rpc.SomeEndpoint imports org.apache.ratis.protocol.RaftPeerId, which only [raft]"
                                + " may",
                        PLANTED + ".raft.ChattyRaft imports io.pathkeeper.v1.Stat, which only [admin, rpc] may",
                        PLANTED + ".raft.ChattyRaft imports io.grpc.Status, which only [admin, rpc] may",
                        PLANTED + ".value.MeteredValue imports io.micrometer.core.instrument.Counter, which only"
                                + " [metrics] may",
                        PLANTED + ".state.ClockedState calls java.lang.System.nanoTime in the core",
                        PLANTED + ".state.ClockedState imports java.util.Random in the core",
                        PLANTED + ".common.PathTable is called \"common\", which says nothing",
                        PLANTED + ".common.PathTable is in the package common, which has no row in the table",
                        PLANTED + ".rpc.StreamHelper is called \"Helper\", which says nothing",
                        PLANTED + ".ChattyMain imports io.grpc.Status, which only [admin, rpc] may",
                        PLANTED + ".tree has no package-info.java with @NullMarked")
                .noneMatch(violation -> violation.startsWith(PLANTED + ".id.Fine"))
                .noneMatch(violation -> violation.startsWith(PLANTED + ".ServerMain"));
    }
}
