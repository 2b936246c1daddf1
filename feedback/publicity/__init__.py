"""Công khai and lấy ý kiến: what residents must be shown, where and how long; what they are asked before."""
