#!/usr/bin/env bash
# Runs all tests, and installs what they need first. With --fast as the first argument it runs those that need neither a
# database server nor a browser and do not wait long. Other arguments are passed on to dotnet test. Whatever ends it, also
# Ctrl+C or SIGTERM, ends what it has started.
set -euo pipefail
cd "$(dirname "$0")/.."

fast=
[ "${1:-}" != --fast ] || { fast=1; shift; }

need() { # need <Debian package> <why>
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $1 ($2) …"
        [ -n "${apt_updated:-}" ] || apt-get update -q
        apt_updated=1
        DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends "$1"
    else
        echo "The tests need $2. Install the package '$1', for example: sudo apt-get install $1" >&2
        exit 1
    fi
}

has_postgres() { command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; }

has_chromium() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

command -v dotnet >/dev/null || { echo "The tests need the .NET 10 SDK: https://dotnet.microsoft.com/download" >&2; exit 1; }
[ -n "$fast" ] || has_postgres || need postgresql "a PostgreSQL server; the tests start one of their own"
[ -n "$fast" ] || has_chromium || { [ "$(id -u)" != 0 ] && [ "${CI:-}" != true ] && echo "There is no Chromium: the browser tests are skipped." >&2; } || need chromium-headless-shell "Chromium; the browser tests look at the dashboard with it"
[ -n "$fast" ] || type -P pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || need pgbouncer "PgBouncer; the storage is tested behind it"
[ -n "$fast" ] || [ "$(id -u)" != 0 ] || type -P runuser >/dev/null || need util-linux "runuser, as PostgreSQL does not run as root"
[ -n "$fast" ] || type -P setsid >/dev/null || need util-linux "setsid, for what outlives a test that is killed and tidies up after it"
type -P kill >/dev/null || need procps "kill as a program, to send real signals"
[ -n "$fast" ] || [ "$(id -u)" != 0 ] || type -P mount >/dev/null || need mount "mount, for a disk that is full"
[ -e /usr/share/zoneinfo/Europe/Berlin ] || need tzdata "time zones"
compgen -G "/usr/lib/*/libicuuc.so.*" >/dev/null || compgen -G "/usr/lib*/libicuuc.so.*" >/dev/null || need libicu-dev "ICU, for cultures"

# Each job is a process group of its own, which can be ended with all that belongs to it.
set -m
output=$(mktemp -d)
groups=()

finish() {
    local code=$? group
    trap '' INT TERM HUP
    for group in "${groups[@]}"; do kill -TERM -- "-$group" 2>/dev/null || true; done
    for _ in $(seq 50); do
        for group in "${groups[@]}"; do kill -0 -- "-$group" 2>/dev/null && sleep 0.2 && continue 2; done
        break
    done
    for group in "${groups[@]}"; do kill -KILL -- "-$group" 2>/dev/null || true; done
    rm -rf "$output"
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

begin() { # begin <command …>: in the background, as a signal is not noticed while a command runs in front
    "$@" </dev/null &
    groups+=($!)
}

run() { # run <name> <command …>: what it writes is shown when it has ended, as others run meanwhile
    local name=$1 begun=$SECONDS result=passed
    shift
    "$@" >"$output/$name" 2>&1 || { result=FAILED; echo "$name" >>"$output/failed"; }
    {
        flock 9
        cat "$output/$name"
        echo "== $name $result after $((SECONDS - begun)) s"
    } 9>"$output/lock"
}

projects() { # projects <name …>: one after the other, also after one that failed
    local name
    for name in "$@"; do
        run "$name" dotnet test --project "tests/$name" --no-build "${arguments[@]}"
    done
}

frameworks() { # frameworks: tests of other test frameworks, which do not know the filters of the others
    local name
    for name in NUnit MSTest; do
        run "Frameworks.$name" dotnet test --project "tests/Frameworks/$name/Frameworks.$name.csproj" --no-build
    done
}

end() { # end: with what has come of it
    [ ! -e "$output/failed" ] || { echo "Failed: $(tr '\n' ' ' <"$output/failed")" >&2; exit 1; }
    echo "All passed after $SECONDS s."
    exit 0
}

# Test processes are short-lived: instrumenting their code for later optimisation costs nearly half of their processor time.
export DOTNET_TieredPGO=0
arguments=("$@")
# One compiler for all projects, which has warmed up after the first ones, takes half of the processor time of one for each.
begin dotnet build Asdamir.Data.slnx --nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=true
wait "${groups[-1]}"
kill -TERM -- "-${groups[-1]}" 2>/dev/null || true
if [ -n "$fast" ]; then
    arguments=(--filter-not-trait Needs=PostgreSql --filter-not-trait Speed=Slow "${arguments[@]}")
    begin projects Asdamir.Data.Tests Asdamir.Data.Testing.Tests
    begin projects Asdamir.Data.Storage.Tests Asdamir.Data.CommandLine.Tests
    begin projects Asdamir.AdminConsole.Tests Asdamir.Data.Analyzers.Tests
    [ $# -gt 0 ] || begin frameworks
    wait
    end
fi
# Two lines side by side that take about as long. The first begins with tests that start many processes and mostly wait, while the
# second mostly works. Nothing measures times.
begin projects Asdamir.Data.Isolation.Tests Asdamir.Data.Storage.CrashTests Asdamir.Data.Tests
begin projects Asdamir.AdminConsole.Tests Asdamir.Data.Analyzers.Tests Asdamir.Data.Testing.Tests Asdamir.Data.CommandLine.Tests Asdamir.Data.Docs.Tests Asdamir.Data.Packages.Tests Asdamir.Data.Browser.Tests Asdamir.Data.Storage.Tests
[ $# -gt 0 ] || begin frameworks
wait
# The short form of the chaos kit: it fails when a job is lost, or when something happens that no fault explains.
begin run Chaos dotnet run --no-build --project tests/Chaos -- --minutes 3
wait
end
