/**
 * Import and export: directory trees and typed subtrees. Imports the client's public packages and {@code text}. A transfer
 * runs on the thread that called it; answers of the client come on the client's threads and touch only counters and the window.
 */
@NullMarked
package io.pathkeeper.pathctl.transfer;

import org.jspecify.annotations.NullMarked;
