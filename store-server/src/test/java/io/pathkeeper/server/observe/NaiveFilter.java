package io.pathkeeper.server.observe;

import io.pathkeeper.server.observe.ObserveChecker.Change;
import io.pathkeeper.server.observe.ObserveChecker.Node;
import io.pathkeeper.server.tree.ZnodeKind;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What an observation asked for, understood naively: texts and regular expressions, one target after the other. */
record NaiveFilter(List<ObserveTarget> targets, Set<EventType> types, Set<ZnodeKind> kinds, String glob, int maxDepth) {

    ObserveFilter compile() {
        return new ObserveFilter(targets, types, kinds, glob.isEmpty() ? null : NameGlob.parse(glob), maxDepth);
    }

    boolean matches(Change change) {
        return (types.isEmpty() || types.contains(EventType.valueOf(change.type())))
                && passes(change.path(), change.kind())
                && isReached(change.path(), !change.type().equals("UPDATED"));
    }

    boolean contains(String path, Node node) {
        return passes(path, node.kind()) && isReached(path, true);
    }

    /** Whether the events are enough to keep a copy of the initial state up to date. */
    boolean isMirror() {
        return types.isEmpty() && targets.stream().noneMatch(target -> target.scope() == ObserveScope.CHILDREN);
    }

    private boolean passes(String path, String kind) {
        return (kinds.isEmpty() || kinds.contains(ZnodeKind.valueOf(kind)))
                && (glob.isEmpty()
                        || expression()
                                .matcher(path.substring(path.lastIndexOf('/') + 1))
                                .matches());
    }

    private Pattern expression() {
        StringBuilder expression = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (c == '*') {
                expression.append("(?s).*");
            } else if (c == '?') {
                expression.append("(?s).");
            } else {
                expression.append(Pattern.quote(String.valueOf(c == '\\' ? glob.charAt(++i) : c)));
            }
        }
        return Pattern.compile(expression.toString());
    }

    private boolean isReached(String path, boolean childEvent) {
        for (ObserveTarget target : targets) {
            String top = target.path().toString();
            boolean self = path.equals(top);
            String prefix = top.equals("/") ? "/" : top + "/";
            boolean below = !self && path.startsWith(prefix);
            int levels = below ? path.substring(prefix.length()).split("/").length : 0;
            boolean reached = switch (target.scope()) {
                case NODE -> self;
                case CHILDREN -> below && levels == 1 && childEvent;
                case SUBTREE -> (self || below) && (maxDepth == 0 || levels <= maxDepth);
            };
            if (reached) {
                return true;
            }
        }
        return false;
    }
}
