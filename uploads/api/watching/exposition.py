"""The figures in Prometheus's own text."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from uploads.services.upkeep.figures import Figures

__all__ = ["CONTENT_TYPE", "told"]


def told(found: Figures, *, streams: int) -> bytes:
    """``streams``: of events, that this web server has open."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Told(found, streams))
    return generate_latest(registry)


class _Told(Collector):
    """What was counted, under names of Prometheus's kind."""

    def __init__(self, found: Figures, streams: int) -> None:
        self._found = found
        self._streams = streams

    def collect(self) -> Iterator[Metric]:
        found = self._found
        files = GaugeMetricFamily("uploader_files", "Files in each state.", labels=["state"])
        for state, count in found.files.items():
            files.add_metric([state.value], count)
        failures = GaugeMetricFamily("uploader_failed_files", "Failed files, by error.", labels=["code"])
        for code, count in found.failures.items():
            failures.add_metric([code], count)
        yield files
        yield failures
        for name, words, value in (
            ("queue_oldest_seconds", "How long the oldest waiting file has waited.", found.oldest_waiting_seconds),
            ("exports_waiting", "Exports that are being prepared, or wait for it.", found.exports_waiting),
            ("rows_loaded", "Rows of all files that are there.", found.rows_loaded),
            ("rows_rejected", "Rejected rows of all files that are there.", found.rows_rejected),
            ("bytes", "Size of all files that are there.", found.bytes_stored),
            ("parts", "Parts of files, sent at the same time, that no file is made of yet.", found.parts),
            ("arriving_bytes", "What has arrived of files and parts that are not whole.", found.bytes_arriving),
            ("disk_free_bytes", "Free room of the disk that takes uploads.", found.disk_free),
            ("disk_size_bytes", "Size of that disk.", found.disk_size),
            ("event_streams", "Pages and programs that follow files by events of this web server.", self._streams),
        ):
            yield GaugeMetricFamily(f"uploader_{name}", words, value=value)
        yield from self._of_workers()

    def _of_workers(self) -> Iterator[Metric]:
        swept = CounterMetricFamily(
            "uploader_swept", "What sweeps mended; steps that failed.", labels=["machine", "kind"]
        )
        last = GaugeMetricFamily("uploader_sweep_timestamp_seconds", "When the last sweep ended.", labels=["machine"])
        for worker in self._found.workers:
            for kind, count in worker.swept.items():
                swept.add_metric([worker.machine, kind], count)
            if worker.swept_at is not None:
                last.add_metric([worker.machine], worker.swept_at.timestamp())
        yield swept
        yield last
