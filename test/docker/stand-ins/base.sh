#!/bin/sh
# Makes the image debian:bookworm-slim out of Debian's packages, where no image can be pulled. Needs root and debootstrap.
# What this machine trusts (a company's proxy, say) the image trusts too, for apt, pip, npm and Java alike.
#
#     base.sh FOLDER    FOLDER is for the unpacked system and is made anew
set -eu
folder=$1
mirror=$(apt-get indextargets --format '$(SITE) $(CODENAME) $(CREATED_BY)' | awk '$2 == "bookworm" && $3 == "Packages" { print $1; exit }')
rm -rf "$folder"
debootstrap --variant=minbase bookworm "$folder" "$mirror"
mkdir -p "$folder/usr/local/share/ca-certificates"
awk -v folder="$folder/usr/local/share/ca-certificates" '
  /BEGIN CERTIFICATE/ { file = sprintf("%s/machine-%d.crt", folder, ++count) }
  file { print > file }
  /END CERTIFICATE/ { close(file); file = "" }
' /etc/ssl/certs/ca-certificates.crt
bundle=/etc/ssl/certs/ca-certificates.crt
tar -C "$folder" -c . | docker import \
  -c "ENV PIP_CERT=$bundle NODE_EXTRA_CA_CERTS=$bundle" -c 'CMD ["bash"]' - debian:bookworm-slim
rm -rf "$folder"
