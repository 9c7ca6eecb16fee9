package io.pathkeeper.server.rpc;

import io.pathkeeper.server.state.RejectReason;
import io.pathkeeper.server.state.Rejection;
import io.pathkeeper.server.value.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers of JSON texts. */
final class JsonNumbers {
    private static final int SHORT = 18;

    private JsonNumbers() {}

    /**
     * An integer literal that fits is a 64-bit integer. Every other literal is a double, if rounding that double to the digits
     * that are written gives them back.
     *
     * @throws RejectedException NUMBER_RANGE
     */
    static Value parse(String literal) {
        boolean integer = true;
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            integer &= c == '-' || c >= '0' && c <= '9';
        }
        if (integer && literal.length() <= SHORT) {
            return new Value.Int(Long.parseLong(literal));
        }
        BigDecimal exact;
        try {
            exact = new BigDecimal(literal);
        } catch (NumberFormatException e) {
            throw refused(literal); // an exponent of more than ten digits
        }
        if (integer && exact.precision() <= 19) {
            try {
                return new Value.Int(exact.longValueExact());
            } catch (ArithmeticException e) {
                // too large for an integer: perhaps a double has it
            }
        }
        double number = Double.parseDouble(literal);
        if (!isExact(exact, number)) {
            throw refused(literal);
        }
        return new Value.Real(number == 0 ? 0.0 : number);
    }

    private static RejectedException refused(String literal) {
        return new RejectedException(Rejection.of(
                RejectReason.NUMBER_RANGE,
                "the number " + (literal.length() > 60 ? literal.substring(0, 60) + "..." : literal)
                        + " is neither a 64-bit integer nor, without loss, a double: send it as a string"));
    }

    /** The shortest text that {@link #parse} reads as the same double; it has a point or an exponent. */
    static String print(double number) {
        String text = Double.toString(number);
        if (isExact(new BigDecimal(text), number)) {
            return text;
        }
        // Double.toString gives one digit too many, or not the nearest one, for a few numbers before Java 19
        for (int digits = 15; digits <= 17; digits++) {
            String rounded = new BigDecimal(number).round(rounding(digits)).toString();
            if (Double.parseDouble(rounded) == number) {
                return rounded.indexOf('.') < 0 && rounded.indexOf('E') < 0 ? rounded + ".0" : rounded;
            }
        }
        throw new IllegalStateException("no text of 17 digits for " + number);
    }

    private static boolean isExact(BigDecimal written, double number) {
        if (Double.isInfinite(number) || number == 0 && written.signum() != 0) {
            return false;
        }
        return new BigDecimal(number)
                        .round(rounding(Math.max(1, written.precision())))
                        .compareTo(written)
                == 0;
    }

    private static MathContext rounding(int digits) {
        return new MathContext(digits, RoundingMode.HALF_EVEN);
    }
}
