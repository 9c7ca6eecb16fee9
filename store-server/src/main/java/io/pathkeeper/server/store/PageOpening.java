package io.pathkeeper.server.store;

import io.pathkeeper.server.state.Rejection;

/** What became of opening a page of a listing. */
public sealed interface PageOpening permits ChildPage, PageOpening.Refused {
    /** The page cannot be read: PAGE_TOKEN_INVALID, PAGE_TOKEN_EXPIRED, NODE_NOT_FOUND. */
    record Refused(Rejection rejection) implements PageOpening {}
}
