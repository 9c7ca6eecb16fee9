package io.pathkeeper.server.rpc;

import io.pathkeeper.server.acl.Grants;
import io.pathkeeper.server.acl.Role;
import io.pathkeeper.server.acl.Rule;
import io.pathkeeper.server.acl.Verb;
import io.pathkeeper.server.auth.Identity;
import io.pathkeeper.server.tree.ZnodePath;
import io.pathkeeper.v1.CheckAccessResponse;
import io.pathkeeper.v1.ResponseHeader;

/** Says in words why somebody may, or may not, do something. Stateless. */
final class AccessExplanation {
    private AccessExplanation() {}

    /** For the maker of a call. */
    static CheckAccessResponse of(Access access, Verb verb, ZnodePath path, ResponseHeader header) {
        Identity identity = access.identity();
        if (!identity.isUnrestricted()) {
            return of(identity.principal(), access.gate().grants(identity), verb, path, header);
        }
        boolean allowed = access.may(verb, path);
        return CheckAccessResponse.newBuilder()
                .setHeader(header)
                .setAllowed(allowed)
                .setPrincipal(identity.principal())
                .addRoles(Role.ADMIN)
                .setExplanation(
                        !allowed
                                ? own(path)
                                : identity.kind() == Identity.Kind.OPEN
                                        ? "authentication is off: everybody may do everything"
                                        : "the root token of the server's configuration may do everything")
                .build();
    }

    /** For a principal. */
    static CheckAccessResponse of(String principal, Grants grants, Verb verb, ZnodePath path, ResponseHeader header) {
        Grants.Decision decision = grants.explain(verb, path.utf8());
        CheckAccessResponse.Builder out = CheckAccessResponse.newBuilder()
                .setHeader(header)
                .setPrincipal(principal)
                .addAllRoles(grants.roleNames());
        Rule rule = decision.rule();
        String role = decision.role();
        boolean hidden = Access.isHidden(verb, path)
                || path.isWithin(ZnodePath.SYSTEM) && !grants.allows(Verb.ADMIN, path.utf8());
        if (hidden) {
            return out.setExplanation(own(path)).build();
        }
        out.setAllowed(decision.allowed());
        if (rule == null || role == null) {
            return out.setExplanation(
                            "no rule of the roles " + grants.roleNames() + " is about " + verb + " on " + path)
                    .build();
        }
        return out.setRole(role)
                .setRule(AuthMessages.message(rule))
                .setExplanation("the role " + role + (rule.deny() ? " denies " : " allows ") + verb + " on "
                        + rule.path() + " and below")
                .build();
    }

    private static String own(ZnodePath path) {
        return path
                + " is the server's own: users and roles are changed by AuthService only, the rest needs ADMIN, too";
    }
}
