package io.pathkeeper.it.fault.workload;

import io.pathkeeper.it.fault.check.AccountsModel;
import io.pathkeeper.it.fault.check.AccountsModel.Balances;
import io.pathkeeper.it.fault.check.AccountsModel.Input;
import io.pathkeeper.it.fault.check.AccountsModel.Moved;
import io.pathkeeper.it.fault.check.AccountsModel.Output;
import io.pathkeeper.it.fault.check.AccountsModel.ReadAll;
import io.pathkeeper.it.fault.check.AccountsModel.TooLittle;
import io.pathkeeper.it.fault.check.AccountsModel.Transfer;
import io.pathkeeper.it.fault.workload.StoreCalls.AddTo;
import io.pathkeeper.it.fault.workload.StoreCalls.AtLeast;
import io.pathkeeper.it.fault.workload.StoreCalls.Seen;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/** Moves money between accounts by transactions and reads all accounts, also from whatever state a server has: the sum never changes. */
final class BankWorkload extends RollingWorkload<BankWorkload.Bank> {
    private static final int CALLS = 250;
    private static final int ACCOUNTS = 5;
    private static final long AMOUNT = 100;

    /** Accounts, and the sums in local reads that were wrong. */
    record Bank(CallLog<Input, Output> log, List<String> wrongSums) {}

    BankWorkload(int callsPerSecond) {
        super("bank", CALLS, callsPerSecond);
    }

    @Override
    Bank make(String path, StoreCalls calls) {
        createIfMissing(calls, path, 0L);
        for (int account = 0; account < ACCOUNTS; account++) {
            createIfMissing(calls, path + "/a" + account, AMOUNT);
        }
        return new Bank(
                new CallLog<>(path, new AccountsModel(Collections.nCopies(ACCOUNTS, AMOUNT))),
                Collections.synchronizedList(new ArrayList<>()));
    }

    @Override
    void call(Bank bank, int client, StoreCalls calls, SplittableRandom dice) {
        int kind = dice.nextInt(10);
        if (kind == 0) {
            sumLocally(bank, client, calls);
        } else if (kind < 4) {
            read(bank, client, calls);
        } else {
            int from = dice.nextInt(ACCOUNTS);
            int to = (from + 1 + dice.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            transfer(bank, client, calls, new Transfer(from, to, 1 + dice.nextInt(80)));
        }
    }

    private static void transfer(Bank bank, int client, StoreCalls calls, Transfer transfer) {
        String from = bank.log().path() + "/a" + transfer.from();
        String to = bank.log().path() + "/a" + transfer.to();
        bank.log()
                .record(
                        client,
                        transfer,
                        () -> calls.transact(
                                                List.of(new AtLeast(from, transfer.amount())),
                                                List.of(
                                                        new AddTo(from, -transfer.amount()),
                                                        new AddTo(to, transfer.amount())))
                                        .done()
                                ? new Moved()
                                : new TooLittle(),
                        failure -> null);
    }

    private static void read(Bank bank, int client, StoreCalls calls) {
        bank.log().record(client, new ReadAll(), () -> new Balances(balances(bank, calls, false)), failure -> null);
    }

    private static void sumLocally(Bank bank, int client, StoreCalls calls) {
        List<Seen> accounts = calls.getAll(paths(bank), true);
        long sum = accounts.stream().mapToLong(Seen::number).sum();
        // a server that is far behind may not have the accounts yet; it has them in the order in which they were made
        long made = accounts.stream().filter(Seen::found).count();
        if (sum != made * AMOUNT) {
            bank.wrongSums()
                    .add("client " + client + " read " + accounts + " of "
                            + bank.log().path() + " at one revision");
        }
    }

    private static List<Long> balances(Bank bank, StoreCalls calls, boolean local) {
        return calls.getAll(paths(bank), local).stream().map(Seen::number).toList();
    }

    private static List<String> paths(Bank bank) {
        List<String> paths = new ArrayList<>();
        for (int account = 0; account < ACCOUNTS; account++) {
            paths.add(bank.log().path() + "/a" + account);
        }
        return paths;
    }

    @Override
    List<String> finish(Bank bank, StoreCalls calls) {
        read(bank, -1, calls);
        List<String> violations = new ArrayList<>(bank.wrongSums());
        violations.addAll(bank.log().violations());
        return violations;
    }
}
