Attribute VB_Name = "AliadoFunctions"
Option Explicit

' The custom functions: each hands its arguments to the Python function of that name. Written when the workbook is built.

Private Function FromPython(ByVal Value As Variant) As Variant
    ' What Python gives as the text of an error becomes a real one, which other formulas do not take for text.
    FromPython = Value
    If VarType(Value) <> vbString Then Exit Function
    Select Case Value
        Case "#N/A": FromPython = CVErr(xlErrNA)
        Case "#VALUE!": FromPython = CVErr(xlErrValue)
        Case "#NUM!": FromPython = CVErr(xlErrNum)
        Case "#DIV/0!": FromPython = CVErr(xlErrDiv0)
    End Select
End Function

'@functions
