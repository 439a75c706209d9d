"""Writes made-up declarations as eTax XML, a file each and some files with several, packed in zips."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import numpy as np

from adapters.tax.declarations import MARKED_AMOUNT, Declarations
from adapters.tax.figures import AT, LINES
from adapters.tax.page import MARK, load

SOFTWARE = f"{MARK} - DỮ LIỆU GIẢ LẬP"
PER_FILE = 25
"""Every file of this many declarations is followed by as many files of one."""

PER_ZIP = 5_000
_HEAD = f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- {SOFTWARE}: không phải số liệu thật / nothing here is real -->\n'
_MOMENT = (2025, 1, 1, 0, 0, 0)
_GROUPS = {
    "GiaTriVaThueGTGTHHDVMuaVao": ("ct23", "ct24"),
    "HangHoaDichVuNhapKhau": ("ct23a", "ct24a"),
    "HHDVBRaChiuThueGTGT": ("ct27", "ct28"),
    "HHDVBRaChiuTSuat5": ("ct30", "ct31"),
    "HHDVBRaChiuTSuat10": ("ct32", "ct33"),
    "TongDThuVaThueGTGTHHDVBRa": ("ct34", "ct35"),
}
_OPENS = {lines[0]: group for group, lines in _GROUPS.items()}
_CLOSES = {lines[-1]: group for group, lines in _GROUPS.items()}
SPOILS = {"no namespace": "VAT_NAMESPACE_MISSING", "bare ampersand": "VAT_AMPERSAND_REPAIRED", "cut off": "TAX_RECORD_BROKEN"}


class XmlWriter:
    """Zips of eTax files. ``spoilt`` counts, per rule, what was written wrongly on purpose."""

    def __init__(self, out: Path, label: str, rng: np.random.Generator) -> None:
        self.paths: list[Path] = []
        self.spoilt: Counter[str] = Counter()
        self._out, self._label, self._rng = out, label, rng
        self._namespace = load()[0].namespace

    def write(self, batch: Declarations) -> None:
        """Write the batch in zips of its own."""
        for start in range(0, len(batch), PER_ZIP):
            self._zip(batch.part(slice(start, start + PER_ZIP)))

    def _zip(self, batch: Declarations) -> None:
        path = self._out / f"{MARK}_eTax_{self._label}_{len(self.paths) + 1}.zip"
        self.paths.append(path)
        records = [_record(batch, row, columns) for row, columns in enumerate(_by_row(batch))]
        alone = batch.sound() & (np.arange(len(batch)) % (2 * PER_FILE) >= PER_FILE)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            row = 0
            while row < len(records):
                together = PER_FILE if row % (2 * PER_FILE) == 0 else 1
                text = self._file(records[row : row + together], bool(alone[row]) and together == 1)
                info = zipfile.ZipInfo(f"01_GTGT_{batch.first_id + row}.xml", _MOMENT)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, text.encode())
                row += together

    def _file(self, records: list[str], may_spoil: bool) -> str:
        spoil = self._draw() if may_spoil else ""
        body = "".join(records)
        if spoil == "bare ampersand":
            body = body.replace("Công ty giả lập", "Công ty A & B giả lập")
        if spoil == "cut off":
            body = body[: body.index("<ct34>")]
        xmlns = "" if spoil == "no namespace" else f' xmlns="{self._namespace}"'
        return f"{_HEAD}<HSoThueDTu{xmlns}>\n{body}</HSoThueDTu>\n"

    def _draw(self) -> str:
        number = int(self._rng.integers(100))
        spoil = "no namespace" if number < 3 else "bare ampersand" if number < 5 else "cut off" if number < 6 else ""
        if spoil:
            self.spoilt[SPOILS[spoil]] += 1
        return spoil


def _by_row(batch: Declarations) -> list[dict[str, str]]:
    columns = batch.columns()
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _record(batch: Declarations, row: int, field: dict[str, str]) -> str:
    number = batch.first_id + row
    day = field["ngay_nop"]
    signed = f"{day[6:]}-{day[3:5]}-{day[:2]}"
    return f"""<HSoKhaiThue id="_{number}"><TTinChung><TTinDVu><maDVu>HTKK</maDVu><tenDVu>{SOFTWARE}</tenDVu>\
<pbanDVu>5.4.6</pbanDVu></TTinDVu><TTinTKhaiThue><TKhaiThue><maTKhai>{field["ma_tkhai"]}</maTKhai>\
<tenTKhai>TỜ KHAI THUẾ GIÁ TRỊ GIA TĂNG (01/GTGT)</tenTKhai><pbanTKhaiXML>{field["pban_tkhai"]}</pbanTKhaiXML>\
<loaiTKhai>{field["loai_tkhai"]}</loaiTKhai><soLan>{field["so_lan"]}</soLan><KyKKhaiThue><kieuKy>{field["kieu_ky"]}</kieuKy>\
<kyKKhai>{field["ky_kkhai"]}</kyKKhai><kyKKhaiTuNgay>{field["tu_ngay"]}</kyKKhaiTuNgay>\
<kyKKhaiDenNgay>{field["den_ngay"]}</kyKKhaiDenNgay></KyKKhaiThue><maCQTNoiNop>{field["ma_cqt"]}</maCQTNoiNop>\
<ngayLapTKhai>{field["ngay_lap"]}</ngayLapTKhai><ngayKy>{signed}</ngayKy><nganhNgheKD>{field["nganh_nghe"]}</nganhNgheKD>\
</TKhaiThue><NNT><mst>{field["mst"]}</mst><tenNNT>Công ty giả lập {number}</tenNNT><dchiNNT>Số 1 phố Giả Lập</dchiNNT>\
<maTinhNNT>{field["ma_tinh"]}</maTinhNNT></NNT></TTinTKhaiThue></TTinChung>{_main(batch, row)}{_annex(batch, row)}</HSoKhaiThue>
"""


def _main(batch: Declarations, row: int) -> str:
    amounts = [str(amount) for amount in batch.sheet[row].tolist()]
    if batch.marked()[row]:
        amounts[AT["ct32"]] = MARKED_AMOUNT
    lines = "".join(
        f"{_tag(_OPENS, line, '<')}<{line}>{amount}</{line}>{_tag(_CLOSES, line, '</')}"
        for line, amount in zip(LINES, amounts, strict=True)
    )
    return f"<CTieuTKhaiChinh><ma_NganhNghe>00</ma_NganhNghe>{lines}</CTieuTKhaiChinh>"


def _tag(groups: dict[str, str], line: str, mark: str) -> str:
    return f"{mark}{groups[line]}>" if line in groups else ""


def _annex(batch: Declarations, row: int) -> str:
    if not batch.explained[row]:
        return ""
    line = "<ChiTiet><ct2_ten>Chỉ tiêu 27</ct2_ten><ct8>Bổ sung hóa đơn</ct8></ChiTiet>"
    society = f"<BKeHSo><ten_HSo>01/GTGT</ten_HSo><CTietHSo>{line}</CTietHSo></BKeHSo>"
    return f"<PLuc><PL01_1_KHBS><Muc_A><DSachHSo>{society}</DSachHSo></Muc_A></PL01_1_KHBS></PLuc>"
