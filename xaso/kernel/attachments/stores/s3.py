"""Files in an S3 store (Amazon's, MinIO, Ceph or any other that speaks the same)."""

import io
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings

from xaso.kernel.attachments.stores.receiving import Key


class S3:
    """Objects `<commune>/<shelf>/ab/cd/<sha256>` in one private bucket.

    The client library is loaded at first use: installations on one machine never pay for it.
    """

    def keep(self, file: Path, key: Key) -> None:
        """Copy a whole file up; its own checksum travels with it."""
        self._client.upload_file(str(file), self._bucket, key.path)

    def open(self, key: Key) -> BinaryIO:
        """Return the object for reading; FileNotFoundError when it is not there."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key.path)
        except self._client.exceptions.NoSuchKey as error:
            raise FileNotFoundError(key.path) from error
        return io.BytesIO(answer["Body"].read())

    def has(self, key: Key) -> bool:
        """Return whether the object is there."""
        from botocore.exceptions import ClientError  # noqa: PLC0415  (see the class)

        try:
            self._client.head_object(Bucket=self._bucket, Key=key.path)
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return False
            raise
        return True

    def drop(self, key: Key) -> None:
        """Remove the object, if it is there."""
        self._client.delete_object(Bucket=self._bucket, Key=key.path)

    def uploads(self, commune: UUID, before: datetime) -> Iterator[str]:
        """Yield the hashes of what people gave to a commune before a moment."""
        pages = self._client.get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self._bucket, Prefix=f"{commune}/given/"):
            for found in page.get("Contents", ()):
                if found["LastModified"] < before:
                    yield found["Key"].rpartition("/")[2]

    @property
    def _bucket(self) -> str:
        return str(settings.XASO_S3["bucket"])

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401  (made at run time from the service's own description)
        import boto3  # noqa: PLC0415  (see the class)
        from botocore.config import Config  # noqa: PLC0415

        given = settings.XASO_S3
        return boto3.client(
            "s3",
            endpoint_url=given["endpoint"] or None,
            aws_access_key_id=given["access_key"] or None,
            aws_secret_access_key=given["secret_key"] or None,
            region_name=given.get("region") or "us-east-1",
            config=Config(connect_timeout=5, read_timeout=30, retries={"max_attempts": 3}),
        )
