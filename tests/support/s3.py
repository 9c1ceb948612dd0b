"""An S3 service of this machine (moto's) on a free port; its dummy keys are in a test's environment alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import boto3
from moto.server import ThreadedMotoServer

BUCKET = "studio-test"


@dataclass(frozen=True, kw_only=True)
class S3:
    """A running service with one bucket.

    Attributes:
        storage_url: what STORAGE_URL is set to; nothing is there yet.
        environment: what botocore reads; for a test's own environment or that of a process it starts.
    """

    storage_url: str
    environment: Mapping[str, str]


@contextmanager
def running_s3() -> Iterator[S3]:
    """Started within milliseconds; its objects live in this process's memory."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield _with_bucket(f"http://{host}:{port}")
    finally:
        server.stop()


def _with_bucket(url: str) -> S3:
    environment = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    client = boto3.client(
        "s3",
        endpoint_url=url,
        region_name=environment["AWS_DEFAULT_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket=BUCKET)
    client.close()
    # moto's servers of one process share what they hold
    return S3(storage_url=f"s3://{BUCKET}/{uuid4().hex}", environment=environment)
