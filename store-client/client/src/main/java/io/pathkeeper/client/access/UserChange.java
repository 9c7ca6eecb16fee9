package io.pathkeeper.client.access;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to become of a user, new or not. What is not set stays as it is. Immutable; never shows the password. */
public final class UserChange {
    private static final UserChange NOTHING = new UserChange(null, null, null);

    private final @Nullable String password;
    private final @Nullable List<String> groups;
    private final @Nullable Boolean disabled;

    private UserChange(@Nullable String password, @Nullable List<String> groups, @Nullable Boolean disabled) {
        this.password = password;
        this.groups = groups;
        this.disabled = disabled;
    }

    /** Changes nothing: a user that is new has no password and no groups. */
    public static UserChange none() {
        return NOTHING;
    }

    /** Sets the password, 8 to 256 characters; empty takes it away. Sign-in tokens for the old one end. */
    public UserChange password(String text) {
        return new UserChange(text, groups, disabled);
    }

    /** Sets all groups, at most 64. */
    public UserChange groups(Collection<String> names) {
        return new UserChange(password, List.copyOf(names), disabled);
    }

    /** Refuses every credential of the principal, or lets it in again. */
    public UserChange disabled(boolean refused) {
        return new UserChange(password, groups, refused);
    }

    /** The new password; null when it stays. */
    public @Nullable String password() {
        return password;
    }

    /** The new groups; null when they stay. */
    public @Nullable List<String> groups() {
        return groups;
    }

    /** Whether credentials are refused; null when that stays. */
    public @Nullable Boolean disabled() {
        return disabled;
    }

    @Override
    public String toString() {
        return "UserChange[password " + (password == null ? "stays" : "set") + ", groups "
                + (groups == null ? "stay" : groups) + ", disabled " + (disabled == null ? "stays" : disabled) + "]";
    }
}
