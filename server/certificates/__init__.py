"""Certificates (捐赠证书、帮扶证书) of what a county accepted, which anybody can check by their number, and the donation receipts
that a receiving charity or the county gave for it.
"""
