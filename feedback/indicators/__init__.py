"""How well the ward answers, counted: on time and to people's content, by QĐ 766/QĐ-TTg.

    petitions/outcome.py (what counts as what) -> counting.py (one query) -> Figures (figures.py)

The periods of the periodic report are dated data (`periods.toml`).
"""
