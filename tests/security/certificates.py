"""Certificates for a broker on this machine, made with the `keytool` that comes with every Java."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

from streams.brokers.java import find_java

STORE_PASSWORD = "changeit"  # noqa: S105 - what it protects is gone after the test
BRIEF = ("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Xshare:auto")


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files in a folder: who signs, in PEM, and keystores of the broker in PKCS 12.

    Attributes:
        authority: The certificate that signs the others.
        good: For 127.0.0.1, valid now.
        expired: For 127.0.0.1, valid until yesterday.
        elsewhere: Valid now, for `kafka.example`.
    """

    authority: Path
    good: Path
    expired: Path
    elsewhere: Path


def make_certificates(folder: Path) -> Certificates:
    """Make them all; takes about 2 s."""
    signer, authority = folder / "signer.p12", folder / "ca.pem"
    _keytool(signer, "-genkeypair", "-alias", "ca", "-dname", "CN=Test authority", "-ext", "bc:c", *_KEY)
    _keytool(signer, "-exportcert", "-alias", "ca", "-rfc", "-file", str(authority))
    here = "san=ip:127.0.0.1"
    wanted = {
        "good": (here, "-startdate", "-1d", "-validity", "30"),
        "expired": (here, "-startdate", "-3d", "-validity", "2"),
        "elsewhere": ("san=dns:kafka.example", "-startdate", "-1d", "-validity", "30"),
    }
    with ThreadPoolExecutor() as at_once:
        stores = dict(
            zip(wanted, at_once.map(lambda name: _signed(signer, name, *wanted[name]), wanted), strict=True)
        )
    return Certificates(authority, **stores)


_KEY = ("-keyalg", "EC", "-groupname", "secp256r1")


def _signed(signer: Path, name: str, extension: str, *valid: str) -> Path:
    store = signer.with_name(f"{name}.p12")
    copyfile(signer, store)
    _keytool(
        store, "-genkeypair", "-alias", name, "-signer", "ca", "-dname", f"CN={name}", *_KEY,
        "-ext", extension, *valid,
    )  # fmt: skip
    # A broker takes any key of its store, and this one is not its own.
    _keytool(store, "-delete", "-alias", "ca")
    return store


def _keytool(store: Path, *arguments: str) -> None:
    java = find_java()
    assert java is not None
    keytool = Path(java.path).resolve().with_name("keytool")
    command = [str(keytool), *BRIEF, *arguments, "-keystore", str(store), "-storepass", STORE_PASSWORD]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
