package io.pathkeeper.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What programs see of the library: only its own public packages and the JDK. */
class PublicApiTest {
    private static final Set<String> PUBLIC_PACKAGES = Set.of(
            "io.pathkeeper.client",
            "io.pathkeeper.client.access",
            "io.pathkeeper.client.cluster",
            "io.pathkeeper.client.model",
            "io.pathkeeper.client.observe",
            "io.pathkeeper.client.session",
            "io.pathkeeper.client.coordination",
            "io.pathkeeper.client.recipe",
            "io.pathkeeper.client.error");

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.pathkeeper.client");

    private static boolean isAllowed(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        return base.isPrimitive()
                || base.getPackageName().startsWith("java.")
                || PUBLIC_PACKAGES.contains(base.getPackageName());
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaType> types(JavaMember member) {
        return Stream.concat(
                member.getAllInvolvedRawTypes().stream(),
                member.getAnnotations().stream()
                        .map(annotation -> annotation.getRawType())
                        .filter(type -> !type.getPackageName().equals("org.jspecify.annotations")));
    }

    private static final ArchCondition<JavaClass> SHOW_NOTHING_FOREIGN =
            new ArchCondition<>("show only types of the public packages and of the JDK") {
                @Override
                public void check(JavaClass shown, ConditionEvents events) {
                    Stream<JavaClass> parents =
                            Stream.concat(shown.getRawSuperclass().stream(), shown.getAllRawInterfaces().stream());
                    parents.filter(parent -> !isAllowed(parent))
                            .forEach(parent -> events.add(SimpleConditionEvent.violated(
                                    shown, shown.getName() + " extends " + parent.getName())));
                    shown.getMembers().stream()
                            .filter(member -> isVisible(member.getModifiers()))
                            .forEach(member -> types(member)
                                    .map(JavaType::toErasure)
                                    .filter(type -> !isAllowed(type))
                                    .forEach(type -> events.add(SimpleConditionEvent.violated(
                                            shown, member.getFullName() + " shows " + type.getName()))));
                }
            };

    private static final ArchRule RULE = ArchRuleDefinition.classes()
            .that()
            .arePublic()
            .and()
            .resideOutsideOfPackage("..internal..")
            .should(SHOW_NOTHING_FOREIGN);

    @Test
    void publicSignaturesShowNoTypeOfTheTransport() {
        RULE.check(LIBRARY);
    }

    @Test
    void allPackagesArePublicOrInternal() {
        assertThat(LIBRARY)
                .allMatch(type -> PUBLIC_PACKAGES.contains(type.getPackageName())
                        || type.getPackageName().equals("io.pathkeeper.client.internal"));
    }

    /** A class that breaks the rule in each way in which it can be broken. */
    public static class Planted {
        /** A field. */
        public io.grpc.Status field = io.grpc.Status.OK;

        /** A result, inside another type. */
        public CompletableFuture<io.pathkeeper.v1.Value> result() {
            return CompletableFuture.completedFuture(io.pathkeeper.v1.Value.getDefaultInstance());
        }

        /** A parameter, protected. */
        protected void parameter(List<com.google.protobuf.ByteString[]> parameter) {}

        /** A class of the library that is not for use. */
        public io.pathkeeper.client.internal.ClientSettings settings(
                io.pathkeeper.client.internal.ClientSettings settings) {
            return settings;
        }
    }

    @Test
    void ruleFindsWhatIsPlanted() {
        JavaClasses planted = new ClassFileImporter().importClasses(Planted.class);
        assertThat(RULE.evaluate(planted).getFailureReport().getDetails())
                .anyMatch(line -> line.contains("field shows io.grpc.Status"))
                .anyMatch(line -> line.contains("result() shows io.pathkeeper.v1.Value"))
                .anyMatch(line -> line.contains("parameter(java.util.List) shows com.google.protobuf.ByteString"))
                .anyMatch(line -> line.contains("shows io.pathkeeper.client.internal.ClientSettings"));
    }
}
