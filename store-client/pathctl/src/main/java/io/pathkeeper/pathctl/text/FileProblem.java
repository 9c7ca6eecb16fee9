package io.pathkeeper.pathctl.text;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong with a file, in words; the messages of the JDK are often the bare name. */
public final class FileProblem {
    private FileProblem() {}

    /** Returns the reason without the name of the file. */
    public static String words(IOException error) {
        if (error instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (error instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (error instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (error instanceof NotDirectoryException) {
            return "it is no directory";
        }
        if (error instanceof DirectoryNotEmptyException) {
            return "the directory is not empty";
        }
        if (error instanceof FileSystemException problem && problem.getReason() != null) {
            return problem.getReason();
        }
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }
}
