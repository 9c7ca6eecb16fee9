package io.pathkeeper.client.access;

/**
 * A token that was made. The cluster keeps a digest only: nobody can see it again.
 *
 * @param secret the whole token
 * @param info what can be seen of it
 */
public record NewToken(String secret, TokenInfo info) {
    @Override
    public String toString() {
        return "NewToken[" + info + "]";
    }
}
