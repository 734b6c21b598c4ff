#!/bin/sh
# Formats the sources in place, with the JDK that ./check checks them with.
set -u

cd "$(dirname "$0")/.." || exit
# shellcheck source=scripts/jdk.sh
. scripts/jdk.sh

jdk=$(find_jdk) && maven_on "$jdk" || exit
exec mvn -B -q -ntp spotless:apply
