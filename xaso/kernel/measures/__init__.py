"""Counters that actions write and the operations centre reads."""
