#!/usr/bin/env bash
# Runs all tests, and installs what they need first. Arguments are passed on to dotnet test.
set -euo pipefail
cd "$(dirname "$0")/.."

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

has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

command -v dotnet >/dev/null || { echo "The tests need the .NET 10 SDK: https://dotnet.microsoft.com/download" >&2; exit 1; }
has_postgres || need postgresql "a PostgreSQL server; the tests start one of their own"
has_chromium || { [ "$(id -u)" != 0 ] && [ "${CI:-}" != true ] && echo "There is no Chromium: the browser tests are skipped." >&2; } || need chromium "Chromium; the browser tests look at the dashboard with it"
[ "$(id -u)" != 0 ] || command -v runuser >/dev/null || need util-linux "runuser, as PostgreSQL does not run as root"

dotnet build Asdamir.Data.slnx --nologo -v quiet
# One after the other: the last two start many processes and measure times. All of them, also after one that failed.
failed=()
for project in Asdamir.AdminConsole.Tests Asdamir.Data.Tests Asdamir.Data.Browser.Tests Asdamir.Data.Storage.Tests Asdamir.Data.Storage.CrashTests Asdamir.Data.Isolation.Tests; do
    dotnet test --project "tests/$project" --no-build "$@" || failed+=("$project")
done
# The short form of the chaos kit: it fails when a run is lost, or when anything happens that no fault explains.
dotnet run --no-build --project tests/Chaos -- --minutes 3 || failed+=(Chaos)
[ ${#failed[@]} = 0 ] || { echo "Failed: ${failed[*]}" >&2; exit 1; }
