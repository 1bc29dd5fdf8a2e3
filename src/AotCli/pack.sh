#!/usr/bin/env bash
# Packs charrnn on Linux, x64, as a .NET tool into a folder: native for linux-x64 (AVX2) and linux-arm64, framework-dependent for every other platform.
#   src/AotCli/pack.sh FOLDER [further arguments of dotnet pack]
set -euo pipefail
folder=$(realpath -m "${1:?"usage: pack.sh FOLDER"}")
shift
cd "$(dirname "$0")"
dotnet pack -c Release -r linux-x64 -p:Isa=v3 -o "$folder" "$@"
if echo 'int main(void) { return 0; }' | aarch64-linux-gnu-gcc -x c - -o /dev/null 2>/dev/null; then
  without=false
  dotnet pack -c Release -r linux-arm64 -o "$folder" "$@"
else
  without=true
  echo "linux-arm64 is left to the framework-dependent package: aarch64-linux-gnu-gcc is not here or does not link (Debian: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross)" >&2
fi
dotnet pack -c Release -r any -p:PublishAot=false -o "$folder" "$@"
# The package that is named in `dotnet tool install`: it points to the others.
dotnet pack -c Release "-p:ToolWithoutArm64=$without" -o "$folder" "$@"
