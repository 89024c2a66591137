"""What rules, errors and failures are called, in words that say what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FIELDS: dict[str, Promise] = {
    "name": _("Họ và tên"),
    "birth": _("Ngày sinh"),
    "birth_male": _("Ngày sinh (cột Nam)"),
    "birth_female": _("Ngày sinh (cột Nữ)"),
    "sex": _("Giới tính"),
    "national_id": _("Số định danh"),
    "cmnd": _("Số chứng minh cũ"),
    "ethnic": _("Dân tộc"),
    "household": _("Mã hộ"),
    "role": _("Quan hệ với chủ hộ"),
    "village": _("Bản"),
    "address": _("Địa chỉ"),
    "phone": _("Điện thoại"),
    "residence": _("Loại cư trú"),
    "since": _("Ở từ ngày"),
    "other_name": _("Tên gọi khác"),
    "row": _("Cả dòng"),
}

RULES: dict[str, Promise] = {
    "titled": _("Tên viết hoa toàn bộ: ghi lại theo lối thường"),
    "lead_zero_restored": _("Thêm lại số 0 ở đầu mà Excel đã bỏ; tỉnh và năm sinh đều khớp"),
    "number_from_excel": _("Số để dạng số của Excel: đọc lại thành chữ số"),
    "number_made_up": _("Số bịa như 0 hoặc 123456789: coi như chưa có số"),
    "nine_digits": _("Số có 9 chữ số: ghi là chứng minh nhân dân cũ"),
    "twelve_in_cmnd": _("Số 12 chữ số nằm ở cột chứng minh cũ: đọc là số định danh"),
    "warning_unknown_place_code": _("Ba số đầu không phải mã tỉnh nào; vẫn nhận, cần xem lại"),
    "warning_age_over_125": _("Theo số này thì đã hơn 125 tuổi; vẫn nhận, cần xem lại"),
    "warning_serial_all_zero": _("Sáu số cuối toàn số 0; vẫn nhận, cần xem lại"),
    "warning_year_differs": _("Năm sinh trong số khác năm sinh ghi; vẫn nhận, cần xem lại"),
    "warning_sex_differs": _("Giới tính trong số khác giới tính ghi; vẫn nhận, cần xem lại"),
    "excel_serial": _("Ngày để dạng số của Excel: đổi ra ngày tháng"),
    "excel_1904": _("Ngày để dạng số của Excel (hệ 1904): đổi ra ngày tháng"),
    "day_zero": _("Ngày ghi 00: chỉ biết tháng, năm"),
    "ethnic_alias": _("Tên gọi khác của dân tộc: đổi ra tên trong danh mục"),
    "ethnic_official": _(
        "Vừa là tên chính thức vừa là tên khác của dân tộc khác: lấy tên chính thức"
    ),
    "household_nothing": _("Mã hộ bằng 0 hoặc gạch ngang: coi như để trống, không gộp với ai"),
    "household_above": _("Ô mã hộ trống: lấy theo dòng trên như đã chọn"),
    "role_other": _("Quan hệ chưa có trong danh mục: ghi là quan hệ khác"),
    "phone_zero": _("Thêm lại số 0 ở đầu số điện thoại"),
    "phone_dropped": _("Số điện thoại không đọc được: bỏ qua ô này"),
    "no_head": _("Hộ trong danh sách chưa có chủ hộ"),
}

ERRORS: dict[str, Promise] = {
    "formula": _("Ô là công thức chưa tính. Mở tệp bằng Excel, bấm Lưu rồi gửi lại."),
    "broken_cell": _("Ô báo lỗi của Excel. Sửa ô này rồi gửi lại."),
    "name_missing": _("Thiếu họ tên."),
    "only_a_name": _("Chỉ có tên, không có gì khác để nhận ra người."),
    "name_not_text": _("Ô tên không phải chữ."),
    "name_signs": _("Tên có dấu hoặc số lạ."),
    "name_long": _("Tên dài quá 200 chữ."),
    "day_unreadable": _("Không đọc được ngày. Ghi ngày/tháng/năm, hoặc chỉ năm."),
    "day_impossible": _("Không có ngày này. Ghi theo thứ tự ngày/tháng/năm."),
    "day_to_come": _("Ngày chưa tới."),
    "day_not_whole": _("Cần đủ ngày, tháng, năm."),
    "year_two_digits": _("Năm phải đủ bốn chữ số."),
    "serial_60": _("Excel ghi ngày 29/2/1900, ngày này không có. Ghi lại bằng chữ."),
    "sex_unknown": _("Giới tính ghi Nam hoặc Nữ."),
    "number_wrong": _("Số định danh cần đúng 12 chữ số."),
    "number_short": _("Số thiếu chữ số; năm sinh không khớp nên không tự thêm số 0."),
    "number_rounded": _("Excel đã làm tròn số này, mất chữ số cuối. Chép lại số từ giấy."),
    "number_year_to_come": _("Năm sinh trong số định danh chưa tới."),
    "cmnd_wrong": _("Số chứng minh cũ cần đúng 9 chữ số."),
    "ethnic_unknown": _("Dân tộc này không có trong danh mục 54 dân tộc."),
    "ethnic_several": _("Tên này nhiều dân tộc cùng dùng. Ghi tên theo danh mục."),
    "household_long": _("Mã hộ dài quá 40 chữ."),
    "village_unknown": _("Không có bản này trong xã. Xem lại tên bản."),
    "residence_unknown": _("Loại cư trú ghi Thường trú hoặc Tạm trú."),
    "two_heads": _("Hộ này có hai chủ hộ trong danh sách."),
    "two_villages": _("Các dòng của hộ ghi bản khác nhau."),
    "two_households": _("Người này có trong hai hộ của danh sách, cùng thường trú."),
    "household_closed": _("Mã hộ này đã xóa trong sổ."),
}

FAILURES: dict[str, Promise] = {
    "locked": _(
        "Tệp đang khóa bằng mật khẩu hoặc là tệp Excel đời cũ. Mở bằng Excel, lưu thành .xlsx"
        " không mật khẩu rồi gửi lại."
    ),
    "macros": _("Tệp có chương trình (macro). Mở bằng Excel, lưu thành .xlsx rồi gửi lại."),
    "outside_links": _(
        "Tệp lấy số liệu từ tệp khác. Mở bằng Excel, bấm Ngắt liên kết, lưu rồi gửi lại."
    ),
    "dangerous": _(
        "Tệp có nội dung không an toàn hoặc nén quá mức. Chép bảng sang tệp mới rồi gửi lại."
    ),
    "not_a_workbook": _(
        "Tệp không phải bảng tính .xlsx. Mở bằng Excel, lưu thành .xlsx rồi gửi lại."
    ),
    "old_excel": _("Tệp .xls là Excel đời cũ. Mở bằng Excel, lưu thành .xlsx rồi gửi lại."),
    "unknown_kind": _("Chỉ nhận tệp .xlsx hoặc .csv."),
    "not_text": _("Tệp không phải bảng chữ. Bác xuất lại thành .xlsx hoặc .csv."),
    "wrong_encoding": _("Tệp không viết theo bảng mã đã chọn. Bác chọn bảng mã khác."),
    "too_many_rows": _("Tệp có hơn 200.000 dòng. Bác chia thành nhiều tệp."),
    "too_many_columns": _("Tệp có hơn 200 cột. Bác bỏ bớt cột thừa."),
    "too_large": _("Tệp quá lớn (hơn 20 MB hoặc quá nhiều chữ). Bác chia thành nhiều tệp."),
    "broken": _("Không đọc được tệp, có thể tệp hỏng. Bác mở thử bằng Excel, lưu lại rồi gửi."),
    "no_rows": _("Tệp không có dòng nào."),
    "no_head": _("Không tìm thấy dòng tên cột. Tệp cần có ít nhất cột Họ và tên và một cột nữa."),
}

OUTCOMES: dict[str, Promise] = {
    "household_waits": _("Hộ còn dòng chưa quyết hoặc có lỗi nên cả hộ chưa ghi."),
    "not_chosen": _("Chưa chọn nhận dòng này."),
    "skipped": _("Cán bộ đã chọn bỏ dòng này."),
    "same_words": _("Giống hệt một dòng khác trong tệp."),
    "differs": _("Hai dòng là một người mà ghi khác nhau. Nhận một dòng, bỏ dòng kia."),
    "deceased": _("Sổ ghi người này đã mất nên không ghi."),
    "one_head_at_a_time": _("Ghi vào thì hộ có hai chủ hộ cùng lúc."),
    "one_permanent_place_at_a_time": _("Ghi vào thì người này thường trú hai hộ cùng lúc."),
    "one_temporary_place_at_a_time": _("Ghi vào thì người này tạm trú hai hộ cùng lúc."),
    "once_in_a_household_at_a_time": _("Người này đã ở trong hộ thời gian đó."),
    "changed_since": _("Bản ghi đã có người sửa sau khi so sánh. Bác so sánh lại."),
    "number_appeared": _("Số định danh vừa có người khác trong sổ. Bác so sánh lại."),
    "changed_after": _("Có người đã sửa bản ghi sau khi nhập nên không hoàn tác dòng này."),
    "used_after": _(
        "Bản ghi đã có người xem hoặc dùng sau khi nhập nên không xóa được. Bác ghi chuyển đi"
        " hoặc gộp."
    ),
    "in_the_way": _("Sổ đã có việc khác nên không trở lại như cũ được."),
}


def rule(name: str) -> str:
    """Return what a rule did."""
    return str(RULES.get(name, name))


def error(name: str) -> str:
    """Return what is wrong and what to do."""
    return str(ERRORS.get(name, name))
