"""Exports (导出): a list as its requester sees it, as a workbook or to print, with its filters, time, person and link."""
