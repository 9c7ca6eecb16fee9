package io.pathkeeper.pathctl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pathkeeper.client.model.Comparison;
import io.pathkeeper.client.model.Condition;
import io.pathkeeper.client.model.Operation;
import io.pathkeeper.client.model.Patch;
import io.pathkeeper.client.model.Transaction;
import io.pathkeeper.client.model.Value;
import io.pathkeeper.client.model.ZnodeKind;
import io.pathkeeper.pathctl.CommandFailure;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionDocumentTest {
    @Test
    void readsEveryCondition() {
        Transaction transaction = read("""
                {"if": [{"path": "/a", "exists": true}, {"path": "/a", "exists": false}, {"path": "/a", "version": 3},
                        {"path": "/a", "modified_revision": 9007199254740993}, {"path": "/a", "child_count": 0},
                        {"path": "/a", "value": {"k": 1}}, {"path": "/a", "field": "/k", "less_or_equal": 1.5},
                        {"path": "/a", "field": "/k", "exists": true}]}
                """);
        assertThat(transaction.conditions())
                .containsExactly(
                        Condition.exists("/a"),
                        Condition.notExists("/a"),
                        Condition.version("/a", 3),
                        Condition.modifiedRevision("/a", 9007199254740993L),
                        Condition.childCount("/a", 0),
                        Condition.valueEquals("/a", Value.map("k", 1)),
                        Condition.field("/a", "/k", Comparison.LESS_OR_EQUAL, 1.5),
                        Condition.fieldExists("/a", "/k"));
    }

    @Test
    void readsEveryOperation() {
        Transaction transaction = read("""
                {"then": [{"create": "/a", "value": "x", "kind": "ttl", "ttl": "30s", "parents": true},
                          {"set": "/b", "value": null, "expected_version": 4, "allow_missing": true},
                          {"patch": "/c", "operations": [{"set": "/p", "value": 1}, {"increment": "/n"}]},
                          {"delete": "/d", "recursive": true}],
                 "else": [{"get": "/e"}]}
                """);
        Operation.Create create = (Operation.Create) transaction.then().get(0);
        assertThat(create.value()).isEqualTo(Value.of("x"));
        assertThat(create.options().kind()).isEqualTo(ZnodeKind.TTL);
        assertThat(create.options().ttl()).isEqualTo(Duration.ofSeconds(30));
        assertThat(create.options().createParents()).isTrue();
        Operation.Set set = (Operation.Set) transaction.then().get(1);
        assertThat(set.value()).isEqualTo(Value.NULL);
        assertThat(set.options().expectedVersion()).isEqualTo(4);
        Operation.Change change = (Operation.Change) transaction.then().get(2);
        assertThat(change.patch().changes())
                .isEqualTo(Patch.create().set("/p", 1).increment("/n", 1).changes());
        assertThat(((Operation.Delete) transaction.then().get(3)).options().recursive())
                .isTrue();
        assertThat(transaction.otherwise()).hasSize(1).first().isInstanceOf(Operation.Get.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    []                                              | must be an object
                    {"iff": []}                                     | the unknown field "iff"
                    {"if": [{"path": "/a"}]}                        | if[0] needs exactly one of
                    {"if": [{"exists": true}]}                      | if[0] needs "path"
                    {"if": [{"path": "/a", "version": "3"}]}        | an integer is needed
                    {"then": [{"set": "/a"}]}                       | then[0] needs "value"
                    {"then": [{"create": "/a", "kind": "odd"}]}     | there are persistent, container and ttl
                    {"then": [{"create": "/a", "ttl": "odd"}]}      | bad "ttl"
                    {"then": [{"delete": "/a", "recursiv": true}]}  | unknown field "recursiv"
                    {"then": [{"patch": "/a"}]}                     | needs "operations"
                    {"else": [{"patch": "/a", "operations": [{}]}]} | else[0].operations[0] needs exactly one of
                    """)
    void refusesWhatItDoesNotKnowAndSaysWhere(String document, String message) {
        assertThatThrownBy(() -> read(document))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining(message);
    }

    private static Transaction read(String document) {
        return TransactionDocument.read(JsonText.read("test", document));
    }
}
